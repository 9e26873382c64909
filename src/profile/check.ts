import { KINDS, type Profile, TIERS, type WeightColumn } from './profile.ts';

/**
 * Checks what every profile promises and the types cannot say.
 * @throws {RangeError} the first broken promise: which column, which row, what stands there
 */
export function checkProfile(profile: Profile): void {
  const { valueTypes, strings, frames, stacks, samples, threads, series } = profile;
  if (valueTypes.length === 0) throw new RangeError('a profile needs at least one value type');
  if (strings[0] !== '') throw new RangeError(`strings[0] is ${JSON.stringify(strings[0])}, not ""`);

  for (const column of ['name', 'file', 'module'] as const) {
    indexes(`frames.${column}`, frames[column], frames.length, 0, strings.length);
  }
  for (const column of ['line', 'column'] as const) {
    indexes(`frames.${column}`, frames[column], frames.length, 0, Number.POSITIVE_INFINITY);
  }
  indexes('frames.kind', frames.kind, frames.length, 0, KINDS.length);
  indexes('frames.tier', frames.tier, frames.length, 0, TIERS.length);

  indexes('stacks.frame', stacks.frame, stacks.length, 0, frames.length);
  indexes('stacks.parent', stacks.parent, stacks.length, -1, stacks.length);
  for (let row = 0; row < stacks.length; row++) {
    if (stacks.parent[row]! >= row) wrong('stacks.parent', row, stacks.parent[row]!, 'is not before its child');
  }

  indexes('samples.stack', samples.stack, samples.length, -1, stacks.length);
  sameLength('samples.values', samples.values.length, valueTypes.length);
  samples.values.forEach((column, i) => {
    weights(`samples.values[${i}]`, column, samples.length);
  });
  if (samples.time) finite('samples.time', samples.time, samples.length);
  if (samples.thread) indexes('samples.thread', samples.thread, samples.length, -1, threads.length);

  for (const { name, time, value } of series) {
    finite(`series ${JSON.stringify(name)} time`, time, time.length);
    finite(`series ${JSON.stringify(name)} value`, value, time.length);
  }
}

function indexes(what: string, column: Int32Array | Uint8Array, length: number, from: number, end: number): void {
  sameLength(what, column.length, length);
  for (let row = 0; row < length; row++) {
    const value = column[row]!;
    if (value < from || value >= end) wrong(what, row, value, `is not in ${from} .. ${end - 1}`);
  }
}

function finite(what: string, column: WeightColumn, length: number): void {
  sameLength(what, column.length, length);
  for (let row = 0; row < length; row++) {
    if (!Number.isFinite(column[row]!)) wrong(what, row, column[row]!, 'is not finite');
  }
}

function weights(what: string, column: WeightColumn, length: number): void {
  finite(what, column, length);
  for (let row = 0; row < length; row++) if (column[row]! < 0) wrong(what, row, column[row]!, 'is negative');
}

function sameLength(what: string, found: number, expected: number): void {
  if (found !== expected) throw new RangeError(`${what} has ${found} rows, not ${expected}`);
}

function wrong(what: string, row: number, value: number, problem: string): never {
  throw new RangeError(`${what}[${row}] = ${value} ${problem}`);
}
