import type { CounterRuns } from './counter-runs.ts';
import { CounterTable } from './counter-table.ts';
import { type Derived, derive } from './derive.ts';
import { spreadOf } from './spread.ts';

/** One thing that stands out, why that is thought, and what to do next. */
export interface Verdict {
  readonly id: string;
  /** A few words. */
  readonly text: string;
  /** The numbers of this run. */
  readonly because: string;
  /** The rule that they meet. */
  readonly rule: string;
  /** What to run next; `PROGRAM` stands for what was measured. Undefined where it is no command of ours. */
  readonly next?: string;
  readonly advice?: string;
}

/** What a rule may ask for; NaN where it is not known. Comparisons with NaN are false, so no rule speaks of it. */
class Facts {
  readonly table: CounterTable;
  readonly runs: CounterRuns;
  private readonly derived: ReadonlyMap<string, Derived>;

  constructor(runs: CounterRuns) {
    this.runs = runs;
    this.table = new CounterTable(runs);
    this.derived = new Map(derive(runs).map((one) => [one.name, one]));
  }

  /** Nobody in particular waits, or moves about. */
  get wholeSystem(): boolean {
    return SYSTEM_WIDE.test(this.runs.subject ?? '');
  }

  of(name: string): number {
    return this.derived.get(name)?.value ?? Number.NaN;
  }

  counted(event: string): number {
    const values = this.table.values(event);
    return values === undefined ? Number.NaN : spreadOf(values).mean;
  }

  /** For how much of the wall time its threads had to wait for a CPU. */
  delayed(): number {
    return this.counted('run-delay') / this.counted('wall-time');
  }

  /** By second of wall time. */
  rate(event: string): number {
    return this.counted(event) / (this.counted('wall-time') / 1e9);
  }
}

interface Rule extends Pick<Verdict, 'id' | 'text' | 'rule' | 'next' | 'advice'> {
  /** @returns the numbers that meet it; undefined where they do not */
  readonly meets: (facts: Facts) => string | undefined;
}

const fixed = (value: number): string => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
const grouped = (value: number): string =>
  Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, ',');
const when = (holds: boolean, because: () => string): string | undefined => (holds ? because() : undefined);

/** A CPU was missing for this much of the time. */
const CROWDED = 0.2;

/** In this order they are shown. Thresholds are those that docs/perf-stat.md gives. */
const RULES: readonly Rule[] = [
  {
    id: 'waiting',
    text: 'waiting: it is not the CPU that takes the time',
    rule: 'less than 0.5 CPUs utilized for at least 50 ms, and it gave up the CPU by itself more often than not',
    next: 'pforge-prof flame --off-cpu PROGRAM',
    meets: (facts) => {
      const cpus = facts.of('cpus-utilized');
      const long = facts.counted('wall-time') >= 50e6 && !facts.wholeSystem;
      const waits = facts.rate('voluntary-switches');
      const often = Number.isNaN(waits) ? '' : `, it waited ${grouped(waits)} times a second`;
      const crowded = waits < facts.rate('involuntary-switches') || facts.delayed() >= CROWDED;
      return when(cpus < 0.5 && long && !crowded, () => `${fixed(cpus)} CPUs utilized${often}`);
    },
  },
  {
    id: 'memory-bound',
    text: 'memory bound: instructions wait for data',
    rule: 'less than 1 instruction a cycle, and at least 10 cache misses in 1000 instructions',
    next: 'pforge-prof flame -e cache-misses PROGRAM',
    meets: (facts) => {
      const ipc = facts.of('ipc');
      const misses = Math.max(facts.of('cache-mpki') || 0, facts.of('llc-mpki') || 0);
      return when(ipc < 1 && misses >= 10, () => `${fixed(ipc)} insn per cycle, ${fixed(misses)} misses per 1000 insn`);
    },
  },
  {
    id: 'branchy',
    text: 'branchy: the processor guesses wrong where to go on',
    rule: 'at least 5 wrong branches in 1000 instructions, and 3 % of all branches',
    next: 'pforge-prof flame -e branch-misses PROGRAM',
    meets: (facts) => {
      const wrong = facts.of('branch-mpki');
      const rate = facts.of('branch-miss-rate');
      return when(wrong >= 5 && rate >= 3, () => `${fixed(rate)} % of all branches, ${fixed(wrong)} per 1000 insn`);
    },
  },
  {
    id: 'page-walks',
    text: 'page walks: its memory is spread wider than the processor can address at once',
    rule: 'at least 2 dTLB misses in 1000 instructions',
    advice: 'larger pages: madvise(MADV_HUGEPAGE), or node --use-largepages=on for code',
    meets: (facts) => {
      const misses = facts.of('dtlb-mpki');
      return when(misses >= 2, () => `${fixed(misses)} dTLB misses per 1000 insn`);
    },
  },
  {
    id: 'page-fault-heavy',
    text: 'page-fault heavy: it keeps touching new memory',
    rule: 'at least 100,000 page faults in a second of CPU time (1 µs each, or more), and 5000 in all; or 100 major ones a second',
    next: 'pforge-prof flame -e page-faults PROGRAM',
    meets: (facts) => {
      const perf = facts.of('page-fault-rate');
      const faults = Number.isNaN(perf) ? facts.counted('minor-faults') : facts.counted('page-faults');
      const rate = Number.isNaN(perf) ? faults / (facts.counted('cpu-time') / 1e9) : perf;
      const major = facts.rate('major-faults');
      if (major >= 100) return `${grouped(major)} times a second a page came from a disk`;
      return when(rate >= 100_000 && faults >= 5000, () => `${grouped(rate)} page faults in a second of CPU time`);
    },
  },
  {
    id: 'kernel-heavy',
    text: 'kernel heavy: most of its CPU time is spent by the kernel',
    rule: 'at least 50 % of at least 20 ms of CPU time in the kernel',
    next: 'pforge-prof flame PROGRAM',
    meets: (facts) => {
      const share = facts.of('kernel-share');
      const long = facts.counted('cpu-time') >= 20e6 && !facts.wholeSystem;
      return when(share >= 50 && long, () => `${fixed(share)} % in the kernel`);
    },
  },
  {
    id: 'switching',
    text: 'switching: it hardly runs before it waits again',
    rule: 'at least 10,000 voluntary context switches a second',
    next: 'pforge-prof flame --off-cpu PROGRAM',
    meets: (facts) => {
      const rate = facts.rate('voluntary-switches');
      return when(rate >= 10_000, () => `${grouped(rate)} voluntary switches a second`);
    },
  },
  {
    id: 'crowded',
    text: 'crowded: it could have run, and others had the CPU',
    rule: 'no CPU for 20 % of the time and 20 ms; or 100 involuntary context switches in a second of CPU time, and 20 in all',
    advice: 'measure on a quiet machine, or with fewer threads than CPUs',
    meets: (facts) => {
      const switches = facts.counted('involuntary-switches');
      const rate = switches / (facts.counted('cpu-time') / 1e9);
      const delayed = facts.delayed();
      if (delayed >= CROWDED && facts.counted('run-delay') >= 20e6)
        return `no CPU for ${fixed(delayed * 100)} % of the time`;
      return when(rate >= 100 && switches >= 20, () => `${grouped(rate)} involuntary switches in a second of CPU time`);
    },
  },
  {
    id: 'migrating',
    text: 'migrating: it moves between CPUs, to cold caches',
    rule: 'at least 100 migrations in a second of CPU time, and 20 in all',
    advice: 'pin it for steadier numbers: taskset -c 0 PROGRAM',
    meets: (facts) => {
      const rate = facts.of('migration-rate');
      const often = facts.counted('cpu-migrations') >= 20 && !facts.wholeSystem;
      return when(rate >= 100 && often, () => `${grouped(rate)} migrations in a second of CPU time`);
    },
  },
  {
    id: 'throttled',
    text: "throttled: its control group's CPU limit held it back",
    rule: 'at least 5 % of the wall time throttled (cpu.stat of the control group)',
    advice: 'raise the limit (docker run --cpus, cpu.max), or use fewer threads',
    meets: (facts) => {
      const share = (facts.counted('throttled-time') / facts.counted('wall-time')) * 100;
      return when(share >= 5, () => `held back for ${fixed(share)} % of the time`);
    },
  },
  {
    id: 'stolen',
    text: 'stolen: the hypervisor gave the CPUs to others',
    rule: 'at least 5 % of a CPU stolen',
    advice: 'measure on a machine of your own',
    meets: (facts) => {
      const share = facts.of('steal-share') * 100;
      return when(share >= 5, () => `${fixed(share)} % of a CPU`);
    },
  },
  {
    id: 'multiplexed',
    text: 'multiplexed: there were more events than counters, so values are estimates',
    rule: 'an event was counted for less than 90 % of the time',
    advice: 'ask for fewer events with -e, in several calls',
    meets: (facts) => {
      const shares = facts.runs.counters.flatMap(({ percentRunning }) => [...(percentRunning ?? [])]);
      const least = Math.min(...shares.filter((share) => share > 0));
      return when(least < 90, () => `one was counted for ${fixed(least)} % of the time`);
    },
  },
  {
    id: 'noisy',
    text: 'noisy: runs differ a lot',
    rule: 'wall times of at least 3 runs have a standard deviation of 5 % or more',
    advice: 'repeat more often (-r), warm up (--warmup 1), quieten the machine',
    meets: (facts) => {
      const wall = facts.table.values('wall-time');
      if (wall === undefined) return undefined;
      const { count, deviation, mean } = spreadOf(wall);
      const share = (deviation / mean) * 100;
      return when(count >= 3 && share >= 5, () => `${fixed(share)} % over ${count} runs`);
    },
  },
  {
    id: 'short',
    text: 'short: starting the program is most of what was measured',
    rule: 'less than 10 ms of wall time',
    advice: 'give it more to do, or repeat it: -r 20',
    meets: (facts) => {
      const wall = facts.counted('wall-time');
      return when(wall < 10e6, () => `${fixed(wall / 1e6)} ms`);
    },
  },
];

/** `subject` of runs that measured all that the machine did. */
export const WHOLE_SYSTEM = 'the whole system';
/** The same in saved outputs of perf stat -a and -C. */
const SYSTEM_WIDE = /^(?:the whole system|system wide|CPU\(s\) .*)$/;

/** What stands out in what was counted. */
export function verdicts(runs: CounterRuns): Verdict[] {
  const facts = new Facts(runs);
  return RULES.flatMap(({ meets, ...rule }) => {
    const because = meets(facts);
    return because === undefined ? [] : [{ ...rule, because }];
  });
}
