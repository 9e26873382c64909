import { ProfileBuilder } from '../profile/builder.ts';
import type { Meta, Profile, ValueType } from '../profile/profile.ts';
import { stacksByLabel } from '../profile/stack-tree.ts';
import { type Claim, type Format, FormatError, type Input, type Notes } from './format.ts';
import { contiguousBytes } from './input/contiguous-bytes.ts';
import { inputOf } from './input.ts';
import { PprofFrames } from './pprof/frames.ts';
import { eachField } from './pprof/messages.ts';
import { PprofSamples } from './pprof/samples.ts';
import { isPprofTag, PPROF, type PprofTables, readPprofTables } from './pprof/tables.ts';
import { pprofCannotHold, writePprof } from './pprof/write.ts';
import { cursor, readBlock, readTag, readUint, skipField } from './protobuf/reader.ts';

/**
 * pprof's profile.proto (Go, and most languages' profilers; github.com/google/pprof, proto/profile.proto), gzipped or
 * not. A frame is a function: its line is the one on which the function starts, the lines of calls are left out.
 * Functions that were inlined are frames of their own. Labels other than a thread's are left out with a note.
 */
export const pprof: Format = {
  id: 'pprof',
  title: 'pprof',
  extension: 'pprof',
  detect,
  read,
  write: writePprof,
  cannotHold: pprofCannotHold,
};

/** Sure where the bytes are fields of the message, one of them a sample type that holds nothing but two numbers. */
function detect(head: Uint8Array): Claim {
  const input = inputOf(head, '');
  const from = cursor(input, head);
  let sure = false;
  try {
    while (from.at < from.end) {
      const tag = readTag(from);
      if (!isPprofTag(tag)) return 'no';
      if (tag === PPROF.sampleType) {
        const message = readBlock(from);
        if (message.at === message.end) return 'no';
        let odd = false;
        eachField(message, (field) => {
          odd ||= field !== 8 && field !== 16;
          readUint(message);
          return true;
        });
        if (odd) return 'no';
        sure = true;
      } else skipField(from, tag);
    }
  } catch (error) {
    // The head of a longer file ends within a field
    if (!(error instanceof FormatError)) throw error;
  }
  return sure ? 'yes' : 'no';
}

async function read(input: Input, notes: Notes): Promise<Profile> {
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
