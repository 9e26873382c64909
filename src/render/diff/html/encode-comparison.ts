import { ByteWriter } from '../../../embedded/byte-writer.ts';
import type { Changes, Comparison } from '../../../profile/diff/comparison.ts';
import { INTERVAL_STEPS } from '../diff-rows.ts';
import { type DiffPage, TESTED } from './diff-page.ts';

/** What the renderer knows beside the comparison's own columns. */
export type DiffPageWords = Omit<DiffPage, 'strings' | 'unit' | 'ratio' | 'lengths'>;

/** A comparison as the page's block. */
export function encodeComparison(comparison: Comparison, words: DiffPageWords): Uint8Array<ArrayBuffer> {
  const { profile, paths, functions, unit, scale } = comparison;
  const { frames, stacks, samples, strings } = profile;
  const whole = comparison.after.total || comparison.before.total * scale;
  const page: DiffPage = {
    ...words,
    strings,
    unit,
    ratio: scale,
    lengths: [frames.length, stacks.length, samples.length, functions.length],
  };
  const writer = new ByteWriter();
  writer.text(JSON.stringify(page));
  for (const column of [frames.name, frames.file, frames.line, frames.column, frames.module, frames.kind]) {
    writer.deltas(column);
  }
  writer.unsigned(stacks.parent.map((parent, stack) => stack - parent));
  writer.unsigned(stacks.frame);
  writer.deltas(samples.stack);
  for (const side of [0, 1]) writer.weights(Float64Array.from(samples.values[side]!));
  writeChanges(writer, paths, whole);
  writer.deltas(functions.frame);
  writeChanges(writer, functions, whole);
  for (const column of [functions.before, functions.after, functions.selfBefore, functions.selfAfter]) {
    writer.weights(column);
  }
  return writer.done();
}

function writeChanges(writer: ByteWriter, { verdict, low, high }: Changes, whole: number): void {
  const isTested = (row: number): boolean => !Number.isNaN(low[row]!) && whole > 0;
  const steps = (column: Float64Array): Float64Array =>
    column.map((value, row) => (isTested(row) ? Math.round((value / whole) * INTERVAL_STEPS) : 0));
  writer.unsigned(verdict.map((said, row) => said + (isTested(row) ? TESTED : 0)));
  writer.deltas(steps(low));
  writer.deltas(steps(high));
}
