import { ProfileBuilder } from '../profile/builder.ts';
import { IDLE_COUNTER, type Profile, type Thread } from '../profile/profile.ts';
import { FormatError, type Input, type Notes } from './format.ts';
import { type JsonObject, jsonArray, jsonNumber, jsonObject } from './json-input.ts';
import { type Code, moduleWords, readCode } from './v8-ticks-code.ts';
import { isWaiting, TickStacks } from './v8-ticks-stack.ts';

/** A library or program that the log says was in memory. */
export interface LogModule {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/** What the log itself says beside its ticks. */
export interface LogWords {
  readonly modules: readonly LogModule[];
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
  const codes = list.map((code, i) => readCode(input, `$.code[${i}]`, jsonObject(input, `$.code[${i}]`, code)));
  const ticks = jsonArray(input, '$.ticks', file.ticks);
  const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
  const stacks = new TickStacks(builder);
  const modules = new ModuleCodes(log.modules);
  const thread = builder.thread(threadOf(codes, log));
  let idle = 0;
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < ticks.length; i++) {
    const path = `$.ticks[${i}]`;
    const tick = jsonObject(input, path, ticks[i]);
    const time = jsonNumber(input, `${path}.tm`, tick.tm) * 1000;
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
      const index = jsonNumber(input, place, pairs[at]);
      if (index === -1) {
        const code = modules.at(jsonNumber(input, `${path}.s[${at + 1}]`, pairs[at + 1]));
        // Callers that nobody names are V8's own entries into JavaScript, between frames that have names
        if (at === 0 || code !== UNKNOWN) stack.push(code);
      } else if (codes[index] === undefined) throw new FormatError(input, place, `there is no code ${index}`);
      else stack.push(codes[index]);
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

/** Code that the log has no name for, by the module in whose memory it lies. */
class ModuleCodes {
  private readonly modules: readonly LogModule[];
  private readonly codes: readonly Code[];

  constructor(modules: readonly LogModule[]) {
    this.modules = modules;
    this.codes = modules.map(({ path }) => ({ words: moduleWords(path), native: true }));
  }

  at(address: number): Code {
    const found = this.modules.findIndex(({ start, end }) => address >= start && address < end);
    return found < 0 ? UNKNOWN : this.codes[found]!;
  }
}
