import type { Meta, Profile, ValueType } from '../../profile/profile.ts';
import { FormatError, type Input, type Notes } from '../format.ts';
import { contiguousBytes } from '../input/contiguous-bytes.ts';
import { openPprofKernel, type PprofKernel, type PprofKernelSource } from '../pprof-kernel/open-pprof-kernel.ts';
import { readByKernel } from './by-kernel.ts';
import type { PprofContent } from './content.ts';
import { hasRoom, kernelBytes, type PlacedFile, placeFor, scannerOf } from './kernel-memory.ts';
import { readPlainly } from './plainly.ts';
import { type PprofTables, readPprofTables, TablesReader } from './tables.ts';

/** Samples of fewer bytes are read before the engine has made something of a kernel. */
const WORTH_A_KERNEL = 1 << 16;

/**
 * All samples, with the default value type last.
 * @param kernel asked for a file of some size
 * @param least so many bytes of samples are some size
 */
export async function readPprof(
  input: Input,
  notes: Notes,
  kernel: PprofKernelSource = openPprofKernel,
  least = WORTH_A_KERNEL,
): Promise<Profile> {
  const { home, ...opened } = await open(input, kernel);
  let { tables } = opened;
  const { valueTypes, defaultType } = tables;
  if (valueTypes.length === 0) throw new FormatError(input, 'byte 0', 'it says nowhere what is measured (sample_type)');

  const order = columnOrder(valueTypes, defaultType);
  const ordered = order.map((column) => valueTypes[column]!);
  let content: PprofContent | undefined;
  if (tables.samples.bytes >= least) {
    if (home && hasRoom(tables)) {
      content = readByKernel(tables, ordered, home.kernel, home.placed);
      // It may have written over the file
      if (content === undefined) tables = readPprofTables(input, await contiguousBytes(input));
    }
    if (content === undefined) {
      const apart = kernel(kernelBytes(tables));
      content = apart && readByKernel(tables, ordered, apart);
    }
  }
  content ??= readPlainly(tables, ordered);
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

interface Opened {
  readonly tables: PprofTables;
  /** Where the file stands in a kernel's memory, and nowhere else. */
  readonly home?: { readonly placed: PlacedFile; readonly kernel: PprofKernel };
}

/** Finds the tables of a file: in a kernel's memory where it can be read again, once that was written over. */
async function open(input: Input, source: PprofKernelSource): Promise<Opened> {
  return (await openPlaced(input, source)) ?? { tables: readPprofTables(input, await contiguousBytes(input)) };
}

/** Has a file inflated into a kernel's memory, and finds its tables meanwhile; undefined where that cannot be done. */
async function openPlaced(input: Input, source: PprofKernelSource): Promise<Opened | undefined> {
  let home: Opened['home'];
  let reader: TablesReader | undefined;
  const place = (length: number) => {
    const placed = placeFor(length);
    const kernel = placed && source(0, placed.memory);
    if (!placed || !kernel) return undefined;
    home = { placed, kernel };
    reader = new TablesReader(input, placed.bytes, scannerOf(kernel, placed));
    return placed.bytes;
  };
  try {
    const whole = await input.wholeInto?.(place, (there) => reader!.readTo(there));
    return whole && home ? { tables: reader!.tables(), home } : undefined;
  } catch (error) {
    // What is broken is said where it is known that all of it was inflated
    if (error instanceof FormatError) return undefined;
    throw error;
  }
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
