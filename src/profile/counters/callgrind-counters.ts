import type { Measured } from './measured.ts';

/** Callgrind's events (manual, "Cycle and cost events") as counters; what they are of stands in front, as they are simulated. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['Ir', 'callgrind-instructions'],
  ['Dr', 'callgrind-data-reads'],
  ['Dw', 'callgrind-data-writes'],
  ['I1mr', 'callgrind-L1-icache-misses'],
  ['D1mr', 'callgrind-L1-dcache-read-misses'],
  ['D1mw', 'callgrind-L1-dcache-write-misses'],
  ['ILmr', 'callgrind-LL-icache-misses'],
  ['DLmr', 'callgrind-LL-dcache-read-misses'],
  ['DLmw', 'callgrind-LL-dcache-write-misses'],
  ['Bc', 'callgrind-branches'],
  ['Bcm', 'callgrind-branch-misses'],
  ['Bi', 'callgrind-indirect-branches'],
  ['Bim', 'callgrind-indirect-branch-misses'],
]);

/** @param totals by event, summed over the processes of one run */
export function callgrindMeasured(totals: ReadonlyMap<string, number>): Measured[] {
  return [...totals].map(([event, value]) => ({
    name: NAMES.get(event) ?? `callgrind-${event}`,
    unit: 'count',
    source: 'callgrind',
    value,
  }));
}
