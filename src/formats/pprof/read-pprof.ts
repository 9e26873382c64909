import { ProfileBuilder } from '../../profile/builder.ts';
import type { Meta, Profile, ValueType } from '../../profile/profile.ts';
import { stacksByLabel } from '../../profile/stack-tree.ts';
import { FormatError, type Input, type Notes } from '../format.ts';
import { contiguousBytes } from '../input/contiguous-bytes.ts';
import { PprofFrames } from './frames.ts';
import { PprofSamples } from './samples.ts';
import { type PprofTables, readPprofTables } from './tables.ts';

/** All samples, with the default value type last. */
export async function readPprof(input: Input, notes: Notes): Promise<Profile> {
  const bytes = await contiguousBytes(input);
  const tables = readPprofTables(input, bytes);
  const { valueTypes, defaultType } = tables;
  if (valueTypes.length === 0) throw new FormatError(input, 'byte 0', 'it says nowhere what is measured (sample_type)');

  const order = columnOrder(valueTypes, defaultType);
  const builder = new ProfileBuilder(order.map((column) => valueTypes[column]!));
  const frames = new PprofFrames(tables, builder);
  const { sequences, stack, thread, values, inexact, otherLabels } = readSamples(tables, frames, builder);
  if (inexact > 0) notes.add(`values beyond 2^53, rounded: ${inexact}`);
  if (otherLabels.size > 0) notes.add(`labels left out: ${[...otherLabels].sort().join(', ')}`);
  if (frames.callLines) notes.add('frames are functions: the lines of calls within them are left out');
  for (const comment of tables.comments) notes.add(`comment: ${comment}`);

  const built = builder.build(meta(tables, notes));
  const { items, start } = sequences.take();
  const { stacks, leaf } = stacksByLabel(built, items, start);
  for (let i = 0; i < stack.length; i++) stack[i] = leaf[stack[i]!]!;
  return {
    ...built,
    stacks,
    samples: {
      length: stack.length,
      stack,
      values: order.map((column) => values[column]!),
      ...(built.threads.length > 0 ? { thread } : {}),
    },
  };
}

function readSamples(tables: PprofTables, frames: PprofFrames, builder: ProfileBuilder): PprofSamples {
  const samples = new PprofSamples(tables, frames, builder);
  samples.read();
  return samples;
}

/** The file's columns in our order: the default one last, where the file names one. */
function columnOrder(valueTypes: readonly ValueType[], defaultType: string): number[] {
  const order = valueTypes.map((_, i) => i);
  const last = valueTypes.findLastIndex(({ type }) => type === defaultType);
  if (last >= 0) order.push(...order.splice(last, 1));
  return order;
}

function meta(tables: PprofTables, notes: Notes): Meta {
  const { startNanos, duration, period, periodType } = tables;
  return {
    ...(startNanos > 0 ? { startTime: startNanos / 1e6 } : {}),
    ...(duration > 0 ? { duration } : {}),
    ...(period > 0 && periodType.unit === 'nanoseconds' ? { sampleInterval: period } : {}),
    notes: notes.list,
  };
}
