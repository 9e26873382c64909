import { ProfileBuilder } from '../../profile/builder.ts';
import { IDLE_COUNTER, type Profile, type Thread } from '../../profile/profile.ts';
import { FormatError, type Input, type Notes } from '../format.ts';
import { type JsonObject, jsonArray, jsonNumber, jsonObject } from '../json-stream/input.ts';
import { type Code, moduleWords, readCode, symbolWords } from './code.ts';
import { isWaiting, TickStacks } from './stack.ts';

/** A library or program that the log says was in memory. */
export interface LogModule {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/** What the log itself says beside its ticks. */
export interface LogWords {
  readonly modules: readonly LogModule[];
  /** Of machine code, by its address. */
  readonly names: ReadonlyMap<number, string>;
  /** Which process and isolate it is of, as far as its name tells. */
  readonly process?: { readonly pid: number; readonly isolate: string };
  /** Nanoseconds. */
  readonly interval?: number;
}

const UNKNOWN: Code = { words: { name: '[unknown]' }, native: true };

/**
 * Makes a profile of `{ code, ticks }`: a tick has `tm` (microseconds), `vm` (V8's state) and `s`, leaf first, an index
 * into `code` and an offset for each frame; where the index is -1, nobody knows the code and the offset is an address.
 * @throws {FormatError} a part that is not there or of a wrong type
 */
export function readTicks(input: Input, file: JsonObject, log: LogWords, notes: Notes): Profile {
  const list = jsonArray(input, '$.code', file.code);
  const codes = Array.from({ length: list.length }, (_, i) => {
    const path = `$.code[${i}]`;
    return readCode(input, path, jsonObject(input, path, list.at(i)));
  });
  const ticks = jsonArray(input, '$.ticks', file.ticks);
  const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
  const stacks = new TickStacks(builder);
  const modules = new ModuleCodes(log);
  const thread = builder.thread(threadOf(codes, log));
  let idle = 0;
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < ticks.length; i++) {
    const path = `$.ticks[${i}]`;
    const tick = jsonObject(input, path, ticks.at(i));
    const time = jsonNumber(input, `${path}.tm`, tick.tm) * 1000;
    if (!Number.isFinite(time)) throw new FormatError(input, `${path}.tm`, 'this is beyond all times');
    const vm = tick.vm === undefined ? undefined : jsonNumber(input, `${path}.vm`, tick.vm);
    first = Math.min(first, time);
    last = Math.max(last, time);
    if (vm !== undefined && isWaiting(vm)) {
      idle++;
      continue;
    }
    const pairs = jsonArray(input, `${path}.s`, tick.s);
    const stack: Code[] = [];
    for (let at = pairs.length - 2 + (pairs.length % 2); at >= 0; at -= 2) {
      const place = `${path}.s[${at}]`;
      const index = jsonNumber(input, place, pairs.at(at));
      const code = codes[index];
      if (index === -1) {
        const native = modules.at(jsonNumber(input, `${path}.s[${at + 1}]`, pairs.at(at + 1)));
        // Callers that nobody names are V8's own entries into JavaScript, between frames that have names
        if (at === 0 || native !== UNKNOWN) stack.push(native);
      } else if (code === undefined) throw new FormatError(input, place, `there is no code ${index}`);
      else stack.push(modules.inside(index, code, pairs.at(at + 1)));
    }
    builder.sample(stacks.stack(stack, vm), [1], time, thread);
  }
  return builder.build(
    {
      tool: 'v8-prof',
      ...(last > first ? { duration: last - first } : {}),
      ...(log.interval === undefined ? {} : { sampleInterval: log.interval }),
      notes: notes.list,
    },
    { counters: idle > 0 ? [{ name: IDLE_COUNTER, unit: 'samples', value: idle, supported: true }] : [] },
  );
}

/** The threads of node begin in scripts of their own. */
function threadOf(codes: readonly Code[], { process }: LogWords): Thread {
  const started = (script: RegExp) => codes.some(({ words }) => words.file !== undefined && script.test(words.file));
  const role = started(/^node:internal\/main\/worker_thread$/)
    ? 'worker'
    : started(/^node:internal\/main\//)
      ? 'main'
      : 'isolate';
  const isolate = process?.isolate ?? '';
  return {
    pid: process?.pid ?? -1,
    tid: -1,
    process: 'node',
    name: role === 'main' || isolate === '' ? role : `${role} ${isolate}`,
  };
}

/** Code that the log has no name for: by its symbol, else by the module in whose memory it lies. */
class ModuleCodes {
  private readonly log: LogWords;
  private readonly byName = new Map<string, Code>();

  constructor(log: LogWords) {
    this.log = log;
  }

  at(address: number): Code {
    const module = this.log.modules.find(({ start, end }) => address >= start && address < end);
    return module === undefined ? UNKNOWN : this.code(module.path, this.log.names.get(address));
  }

  /** For a frame of which node says only the module: the modules are the first rows of `code`. */
  inside(index: number, code: Code, offset: unknown): Code {
    const module = this.log.modules[index];
    if (module === undefined || code.words.module !== module.path || typeof offset !== 'number') return code;
    const name = this.log.names.get(module.start + offset);
    return name === undefined ? code : this.code(module.path, name);
  }

  private code(module: string, symbol: string | undefined): Code {
    const key = `${module}\0${symbol ?? ''}`;
    let code = this.byName.get(key);
    if (code === undefined) {
      code = { words: symbol === undefined ? moduleWords(module) : symbolWords(symbol, module), native: true };
      this.byName.set(key, code);
    }
    return code;
  }
}
