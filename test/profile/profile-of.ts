import { ProfileBuilder } from '../../src/profile/builder.ts';
import { frameLabel, parseFrameLabel } from '../../src/profile/frame-label.ts';
import {
  defaultValueIndex,
  KINDS,
  type Kind,
  type Meta,
  type Profile,
  TIERS,
  type Tier,
  type ValueType,
} from '../../src/profile/profile.ts';

export interface DrawnOptions {
  /** Default: samples/count, then cpu/nanoseconds, then value2/count, ...: as many as the first line has values. */
  readonly valueTypes?: readonly ValueType[];
  readonly meta?: Meta;
}

/**
 * A profile drawn as folded text, one sample a line; indentation and empty lines do not count.
 *
 *     profileOf`
 *       main;parse 3
 *       main;work /app/a.js:1:2 4                    a location, as parseFrameLabel knows it
 *       main;work{app,optimized,module=a.so} 4       kind, tier, module
 *       main;work 4,1000                             two value types
 *       [worker 12/13] main 2 @1000                  thread name, pid/tid (? = unknown); time in ns
 *       7                                            a sample without a stack
 *     `
 */
export function profileOf(template: TemplateStringsArray, ...inserts: readonly unknown[]): Profile;
export function profileOf(text: string, options?: DrawnOptions): Profile;
export function profileOf(drawing: TemplateStringsArray | string, ...rest: readonly unknown[]): Profile {
  const text = typeof drawing === 'string' ? drawing : String.raw({ raw: drawing.raw }, ...rest);
  const options = (typeof drawing === 'string' ? (rest[0] ?? {}) : {}) as DrawnOptions;
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map(parseLine);
  const width = lines[0]?.values.length ?? 1;
  const builder = new ProfileBuilder(options.valueTypes ?? Array.from({ length: width }, (_, i) => valueType(i)));
  for (const line of lines) {
    let stack = -1;
    for (const frame of line.frames) stack = builder.stack(stack, builder.frame(parseFrame(frame)));
    const thread = line.thread && builder.thread(line.thread);
    builder.sample(stack, line.values, line.time, thread);
  }
  return builder.build(options.meta);
}

/** The samples of a profile as they are drawn for {@link profileOf}: `main;parse 3`, in the profile's order. */
export function linesOf(profile: Profile, valueIndex = defaultValueIndex(profile)): string[] {
  const { stacks, samples } = profile;
  const labels = Array.from({ length: profile.frames.length }, (_, frame) => frameLabel(profile, frame));
  return Array.from(samples.stack, (leaf, sample) => {
    const frames: string[] = [];
    for (let stack = leaf; stack >= 0; stack = stacks.parent[stack]!) frames.push(labels[stacks.frame[stack]!]!);
    const value = samples.values[valueIndex]![sample]!;
    return frames.length === 0 ? `${value}` : `${frames.reverse().join(';')} ${value}`;
  });
}

function valueType(index: number): ValueType {
  if (index === 0) return { type: 'samples', unit: 'count' };
  return index === 1 ? { type: 'cpu', unit: 'nanoseconds' } : { type: `value${index}`, unit: 'count' };
}

const linePattern = /^(?:\[(.*?) (\?|\d+)\/(\?|\d+)\] )?(?:(.*) )?([\d.,e+]+)(?: @(\d+))?$/;

function parseLine(line: string) {
  const found = linePattern.exec(line);
  if (!found) throw new RangeError(`not a drawn sample: ${line}`);
  const [, name, pid, tid, stack, values, time] = found;
  return {
    frames: stack === undefined ? [] : stack.split(';'),
    values: values!.split(',').map(Number),
    time: time === undefined ? undefined : Number(time),
    thread: name === undefined ? undefined : { name, process: name, pid: numberOf(pid!), tid: numberOf(tid!) },
  };
}

function numberOf(id: string): number {
  return id === '?' ? -1 : Number(id);
}

function parseFrame(text: string) {
  const braces = /^(.*?) ?\{([^{}]*)\}$/.exec(text);
  const words = braces?.[2]?.split(',') ?? [];
  const known = words.every((word) => isKind(word) || isTier(word) || word.startsWith('module='));
  if (!braces || !known) return parseFrameLabel(text);
  const kind = words.find(isKind);
  const tier = words.find(isTier);
  const module = words.find((word) => word.startsWith('module='))?.slice('module='.length);
  return {
    ...parseFrameLabel(braces[1]!),
    ...(kind === undefined ? {} : { kind }),
    ...(tier === undefined ? {} : { tier }),
    ...(module === undefined ? {} : { module }),
  };
}

function isKind(word: string): word is Kind {
  return (KINDS as readonly string[]).includes(word);
}

function isTier(word: string): word is Tier {
  return (TIERS as readonly string[]).includes(word);
}
