/** A number that is worked out from counters of one run. */
export interface DerivedRule {
  readonly name: string;
  /** The counter beside which it is shown. */
  readonly beside: string;
  /** The counters that it needs; `cpu-time` and `process-time` are worked out (see CounterTable). */
  readonly needs: readonly string[];
  readonly unit: string;
  readonly of: (values: readonly number[]) => number;
  /** In words: what it is, or what this value says. */
  readonly means: string | ((value: number) => string);
}

const ratio = ([part, whole]: readonly number[]): number => part! / whole!;
const percent = (values: readonly number[]): number => ratio(values) * 100;
/** Of each thousand instructions. */
const perThousand = (values: readonly number[]): number => ratio(values) * 1000;
/** Times are nanoseconds. */
const perSecond = ([count, time]: readonly number[]): number => count! / (time! / 1e9);

/** The first words whose limit the value is below. */
function levels(...steps: readonly (readonly [below: number, words: string])[]): (value: number) => string {
  return (value) => steps.find(([below]) => value < below)?.[1] ?? '';
}
const END = Number.POSITIVE_INFINITY;

const missRates: readonly (readonly [misses: string, all: string, unit: string, words: string])[] = [
  ['branch-misses', 'branches', 'of all branches', 'branches guessed wrong'],
  ['cache-misses', 'cache-references', 'of all cache refs', 'went to memory'],
  ['L1-dcache-load-misses', 'L1-dcache-loads', 'of all L1-dcache accesses', 'not in the nearest cache'],
  ['LLC-load-misses', 'LLC-loads', 'of all LL-cache accesses', 'reads that went to memory'],
  ['dTLB-load-misses', 'dTLB-loads', 'of all dTLB cache accesses', 'needed a page walk'],
  ['iTLB-load-misses', 'iTLB-loads', 'of all iTLB cache accesses', 'code that needed a page walk'],
];

/** How many of a thousand instructions may miss until it is felt, and until it rules. */
const perInstruction: readonly (readonly [misses: string, name: string, felt: number, rules: number])[] = [
  ['branch-misses', 'branch-mpki', 1, 5],
  ['cache-misses', 'cache-mpki', 1, 10],
  ['LLC-load-misses', 'llc-mpki', 1, 10],
  ['dTLB-load-misses', 'dtlb-mpki', 0.5, 2],
];

/**
 * What perf stat prints behind `#`, in its words, and what it leaves out. Rates of perf's events are by second of CPU
 * time, as perf has them; those of waiting by second of wall time.
 */
export const DERIVED_RULES: readonly DerivedRule[] = [
  {
    name: 'cpus-utilized',
    beside: 'task-clock',
    needs: ['cpu-time', 'wall-time'],
    unit: 'CPUs utilized',
    of: ratio,
    means: levels(
      [0.1, 'hardly ever on a CPU'],
      [0.5, 'off the CPU more than on it'],
      [0.9, 'off the CPU now and then'],
      [1.1, 'one CPU busy throughout'],
      [END, 'threads run side by side'],
    ),
  },
  {
    name: 'ghz',
    beside: 'cycles',
    needs: ['cycles', 'cpu-time'],
    unit: 'GHz',
    of: ratio,
    means: 'clock while it ran',
  },
  {
    name: 'ipc',
    beside: 'instructions',
    needs: ['instructions', 'cycles'],
    unit: 'insn per cycle',
    of: ratio,
    means: levels([0.7, 'low: the CPU waits for data'], [1.5, 'moderate'], [END, 'good: few stalls']),
  },
  {
    name: 'frontend-stalled',
    beside: 'stalled-cycles-frontend',
    needs: ['stalled-cycles-frontend', 'cycles'],
    unit: '% frontend cycles idle',
    of: percent,
    means: 'no instructions were ready',
  },
  {
    name: 'backend-stalled',
    beside: 'stalled-cycles-backend',
    needs: ['stalled-cycles-backend', 'cycles'],
    unit: '% backend cycles idle',
    of: percent,
    means: 'instructions waited for data',
  },
  {
    name: 'branch-rate',
    beside: 'branches',
    needs: ['branches', 'cpu-time'],
    unit: '/sec',
    of: perSecond,
    means: '',
  },
  ...missRates.map(
    ([misses, all, unit, words]): DerivedRule => ({
      name: `${misses.replace(/-misses$/, '')}-miss-rate`,
      beside: misses,
      needs: [misses, all],
      unit: `% ${unit}`,
      of: percent,
      means: words,
    }),
  ),
  ...perInstruction.map(
    ([misses, name, felt, rules]): DerivedRule => ({
      name,
      beside: misses,
      needs: [misses, 'instructions'],
      unit: 'per 1000 insn',
      of: perThousand,
      means: levels([felt, 'too few to matter'], [rules, 'felt'], [END, 'many: worth a look']),
    }),
  ),
  {
    name: 'context-switch-rate',
    beside: 'context-switches',
    needs: ['context-switches', 'cpu-time'],
    unit: '/sec',
    of: perSecond,
    means: levels([100, 'runs undisturbed'], [10_000, ''], [END, 'runs less than 0.1 ms at a time']),
  },
  {
    name: 'migration-rate',
    beside: 'cpu-migrations',
    needs: ['cpu-migrations', 'cpu-time'],
    unit: '/sec',
    of: perSecond,
    means: levels([10, 'stays on its CPU'], [100, ''], [END, 'moves about, to cold caches']),
  },
  {
    name: 'page-fault-rate',
    beside: 'page-faults',
    needs: ['page-faults', 'cpu-time'],
    unit: '/sec',
    of: perSecond,
    means: levels([5000, ''], [100_000, 'memory is being taken'], [END, 'new pages take a tenth of the time or more']),
  },
  {
    name: 'voluntary-switch-rate',
    beside: 'voluntary-switches',
    needs: ['voluntary-switches', 'wall-time'],
    unit: '/sec',
    of: perSecond,
    means: 'it waited: for input, a lock, a timer',
  },
  {
    name: 'involuntary-switch-rate',
    beside: 'involuntary-switches',
    needs: ['involuntary-switches', 'wall-time'],
    unit: '/sec',
    of: perSecond,
    means: 'another one took its CPU',
  },
  {
    name: 'kernel-share',
    beside: 'system-time',
    needs: ['system-time', 'process-time'],
    unit: '% of its CPU time',
    of: percent,
    means: levels(
      [20, 'in the kernel'],
      [50, 'in the kernel: system calls, faults'],
      [END, 'the kernel does most of the work'],
    ),
  },
  {
    name: 'io-wait-share',
    beside: 'io-wait-time',
    needs: ['io-wait-time', 'wall-time'],
    unit: 'CPUs',
    of: ratio,
    means: 'idle while something waited for a disk',
  },
  {
    name: 'idle-cpus',
    beside: 'idle-time',
    needs: ['idle-time', 'wall-time'],
    unit: 'CPUs',
    of: ratio,
    means: 'had nothing to do',
  },
  {
    name: 'steal-share',
    beside: 'steal-time',
    needs: ['steal-time', 'wall-time'],
    unit: 'CPUs',
    of: ratio,
    means: 'taken by other virtual machines',
  },
  {
    name: 'throttled-share',
    beside: 'throttled-time',
    needs: ['throttled-time', 'wall-time'],
    unit: 'CPUs',
    of: ratio,
    means: "held back by its control group's limit",
  },
];
