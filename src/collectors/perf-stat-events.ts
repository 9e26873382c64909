/** The events that are counted when nobody chooses: perf stat's own, and the caches, which fit into one group beside them. */
const SOFTWARE = ['task-clock', 'context-switches', 'cpu-migrations', 'page-faults'];
const HARDWARE = ['cycles', 'instructions', 'branches', 'branch-misses', 'cache-references', 'cache-misses'];
/** More than a processor counts at once: they take turns, and their values are estimates. */
const DETAILED = [
  ...['L1-dcache-loads', 'L1-dcache-load-misses', 'LLC-loads', 'LLC-load-misses'],
  ...['dTLB-loads', 'dTLB-load-misses', 'iTLB-load-misses', 'stalled-cycles-frontend', 'stalled-cycles-backend'],
];

/** @param wholeSystem idle time is counted as well, so its clock is that of the CPUs */
export function defaultEvents(detailed: boolean, wholeSystem: boolean): string[] {
  const software = wholeSystem ? ['cpu-clock', ...SOFTWARE.slice(1)] : SOFTWARE;
  return [...software, ...HARDWARE, ...(detailed ? DETAILED : [])];
}

/** One event that may be counted, in words. */
export interface EventWords {
  readonly event: string;
  readonly group: 'software' | 'hardware' | 'caches';
  readonly meaning: string;
}

/** Events that perf names on every processor (perf-list(1)); what they mean for somebody who reads counts. */
export const KNOWN_EVENTS: readonly EventWords[] = [
  { event: 'task-clock', group: 'software', meaning: 'time on the CPUs, of all threads together' },
  {
    event: 'cpu-clock',
    group: 'software',
    meaning: 'the same by the clock of the CPU; idle time too with the whole system',
  },
  {
    event: 'context-switches',
    group: 'software',
    meaning: 'a thread left its CPU: it waited, or another one was let on',
  },
  { event: 'cpu-migrations', group: 'software', meaning: 'a thread went on on another CPU, whose caches are cold' },
  { event: 'page-faults', group: 'software', meaning: 'memory was touched that was not mapped yet' },
  { event: 'minor-faults', group: 'software', meaning: 'of these, what needed no disk' },
  { event: 'major-faults', group: 'software', meaning: 'of these, what had to be read from a disk' },
  { event: 'alignment-faults', group: 'software', meaning: 'unaligned access that the kernel had to do' },
  { event: 'emulation-faults', group: 'software', meaning: 'instructions that the kernel had to emulate' },
  { event: 'cgroup-switches', group: 'software', meaning: 'a CPU went over to another control group (Linux 5.13)' },
  { event: 'cycles', group: 'hardware', meaning: 'clock cycles of the CPU while it ran the program' },
  { event: 'instructions', group: 'hardware', meaning: 'instructions that were carried out to the end' },
  { event: 'branches', group: 'hardware', meaning: 'jumps: loops, conditions, calls' },
  {
    event: 'branch-misses',
    group: 'hardware',
    meaning: 'jumps whose target was guessed wrong: 10 to 20 cycles lost each',
  },
  { event: 'cache-references', group: 'hardware', meaning: 'accesses to the last cache before memory' },
  {
    event: 'cache-misses',
    group: 'hardware',
    meaning: 'of these, what had to come from memory: hundreds of cycles each',
  },
  { event: 'bus-cycles', group: 'hardware', meaning: 'cycles of the memory bus' },
  { event: 'ref-cycles', group: 'hardware', meaning: 'cycles at the nominal clock, whatever the real one was' },
  { event: 'stalled-cycles-frontend', group: 'hardware', meaning: 'cycles in which no instructions were ready' },
  { event: 'stalled-cycles-backend', group: 'hardware', meaning: 'cycles in which instructions waited for data' },
  { event: 'L1-dcache-loads', group: 'caches', meaning: 'reads of data' },
  { event: 'L1-dcache-load-misses', group: 'caches', meaning: 'of these, what was not in the nearest cache' },
  { event: 'L1-icache-load-misses', group: 'caches', meaning: 'code that was not in the nearest cache' },
  { event: 'LLC-loads', group: 'caches', meaning: 'reads that went to the last cache' },
  { event: 'LLC-load-misses', group: 'caches', meaning: 'of these, what had to come from memory' },
  { event: 'LLC-stores', group: 'caches', meaning: 'writes that went to the last cache' },
  { event: 'LLC-store-misses', group: 'caches', meaning: 'of these, what was not there' },
  { event: 'dTLB-loads', group: 'caches', meaning: 'reads whose address was translated' },
  { event: 'dTLB-load-misses', group: 'caches', meaning: 'of these, what needed a walk through the page tables' },
  { event: 'iTLB-load-misses', group: 'caches', meaning: 'code whose address needed a walk through the page tables' },
  { event: 'branch-loads', group: 'caches', meaning: 'lookups of the branch predictor' },
  { event: 'branch-load-misses', group: 'caches', meaning: 'of these, what it did not know' },
  { event: 'node-loads', group: 'caches', meaning: 'reads from memory of the nearest node (NUMA)' },
  { event: 'node-load-misses', group: 'caches', meaning: 'of these, what another node held' },
];
