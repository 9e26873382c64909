import { ProfileBuilder } from '../../profile/builder.ts';
import { narrowed } from '../../profile/columns.ts';
import type { ValueType } from '../../profile/profile.ts';
import { stacksByLabel } from '../../profile/stack-tree.ts';
import type { PprofContent } from './content.ts';
import { PprofFrames } from './frames.ts';
import { PprofSamples } from './samples.ts';
import type { PprofTables } from './tables.ts';

/**
 * Reads any file, and says what is wrong with one that is broken.
 * @param valueTypes of the profile
 * @throws {FormatError} with the byte
 */
export function readPlainly(tables: PprofTables, valueTypes: readonly ValueType[]): PprofContent {
  const builder = new ProfileBuilder(valueTypes);
  const frames = new PprofFrames(tables, builder);
  const samples = new PprofSamples(tables, frames, builder);
  samples.read();
  const built = builder.build();
  const { items, start } = samples.sequences.take();
  const { stacks, leaf } = stacksByLabel(built, items, start);
  const { stack } = samples;
  for (let i = 0; i < stack.length; i++) stack[i] = leaf[stack[i]!]!;
  return {
    profile: { ...built, stacks },
    stack,
    thread: samples.thread,
    values: samples.values.map(narrowed),
    inexact: samples.inexact,
    otherLabels: samples.labels.others,
    callLines: frames.callLines,
  };
}
