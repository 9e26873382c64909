import { FormatError } from '../format.ts';
import { integer, type LegacyContext, type LegacyLines, unsampled } from './lines.ts';
import { callAddresses, hexAddresses } from './table.ts';
import { JEMALLOC_HEAD } from './text-kind.ts';

/** `t*: 3217: 12826637 [0: 0]` of all threads, `t0: ...` of one: in use, [allocated, where jemalloc was told to count it]. */
const COUNTS = /^t(\*|\d+): *(\d{1,19}): *(\d{1,19}) *\[ *(\d{1,19}): *(\d{1,19}) *\]/;

/**
 * jemalloc's heap profiles (`MALLOC_CONF=prof:true`): the sums of all threads, then each stack by `@ 0xADDRESS ...`, the
 * innermost first, with a line for all threads and one for each. What was sampled is scaled as jeprof does.
 */
export function jemalloc({ input, table }: LegacyContext): LegacyLines {
  const objects = (type: string) => ({ type: `${type}_objects`, unit: 'count' });
  const space = (type: string) => ({ type: `${type}_space`, unit: 'bytes' });
  let rate: number | undefined;
  let allocations = false;
  let addresses: bigint[] | undefined;
  const reader: LegacyLines = {
    line,
    valueTypes: [objects('inuse'), space('inuse')],
    java: false,
    negative: 0,
    meta: { tool: 'jemalloc' },
    allocator: /\/libjemalloc\.so[.\d]*$/,
  };
  return reader;

  function line(text: string, lineNumber: number): boolean {
    if (rate === undefined) {
      rate = integer(input, lineNumber, JEMALLOC_HEAD.exec(text)![1]!);
      return true;
    }
    if (text.startsWith('@')) {
      addresses = callAddresses(hexAddresses(text), true);
      return true;
    }
    const found = COUNTS.exec(text);
    if (!found) throw new FormatError(input, `line ${lineNumber}`, 'this is no stack and no count of jemalloc');
    const [, thread, ...numbers] = found;
    if (thread !== '*') return true;
    const [count, bytes, allCount, allBytes] = numbers.map((word) => integer(input, lineNumber, word));
    if (addresses === undefined) {
      // The sums of all stacks
      allocations = allCount! > 0 || allBytes! > 0;
      if (allocations) reader.valueTypes = [objects('alloc'), space('alloc'), objects('inuse'), space('inuse')];
      return true;
    }
    const inUse = unsampled(count!, bytes!, rate);
    table.samples.push({
      addresses,
      values: allocations ? [...unsampled(allCount!, allBytes!, rate), ...inUse] : inUse,
    });
    return true;
  }
}
