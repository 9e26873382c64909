import type { Meta, Profile, ValueType } from '../profile/profile.ts';
import { type Claim, type Format, FormatError, type Input, type Notes } from './format.ts';
import { contiguousBytes } from './input/contiguous-bytes.ts';
import { inputOf } from './input.ts';
import { kernelBytes, readByKernel } from './pprof/by-kernel.ts';
import { eachField } from './pprof/messages.ts';
import { readPlainly } from './pprof/plainly.ts';
import { isPprofTag, PPROF, type PprofTables, readPprofTables } from './pprof/tables.ts';
import { pprofCannotHold, writePprof } from './pprof/write.ts';
import { openPprofKernel, type PprofKernelSource } from './pprof-kernel/open-pprof-kernel.ts';
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

/** Samples of fewer bytes are read before the engine has made something of a kernel. */
const WORTH_A_KERNEL = 1 << 16;

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

function read(input: Input, notes: Notes): Promise<Profile> {
  return readPprof(input, notes, openPprofKernel);
}

/**
 * {@link pprof}'s `read`.
 * @param kernel asked for a file of some size
 * @param least so many bytes of samples are some size
 */
export async function readPprof(
  input: Input,
  notes: Notes,
  kernel: PprofKernelSource,
  least = WORTH_A_KERNEL,
): Promise<Profile> {
  const bytes = await contiguousBytes(input);
  const tables = readPprofTables(input, bytes);
  const { valueTypes, defaultType } = tables;
  if (valueTypes.length === 0) throw new FormatError(input, 'byte 0', 'it says nowhere what is measured (sample_type)');

  const order = columnOrder(valueTypes, defaultType);
  const ordered = order.map((column) => valueTypes[column]!);
  const opened = tables.samples.bytes >= least ? kernel(kernelBytes(tables)) : undefined;
  const content = (opened && readByKernel(tables, ordered, opened)) ?? readPlainly(tables, ordered);
  const { profile, stack, thread, values, inexact, otherLabels, callLines } = content;
  if (inexact > 0) notes.add(`values beyond 2^53, rounded: ${inexact}`);
  if (otherLabels.size > 0) notes.add(`labels left out: ${[...otherLabels].sort().join(', ')}`);
  if (callLines) notes.add('frames are functions: the lines of calls within them are left out');
  for (const comment of tables.comments) notes.add(`comment: ${comment}`);
  return {
    ...profile,
    meta: meta(tables, notes),
    samples: {
      length: stack.length,
      stack,
      values: order.map((column) => values[column]!),
      ...(profile.threads.length > 0 && thread ? { thread } : {}),
    },
  };
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
