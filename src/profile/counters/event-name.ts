/** An event as perf names it, in its parts. */
export interface EventName {
  /** Without modifiers, by the name that perf stat prints by default. */
  readonly event: string;
  /** Processors with two kinds of cores count each by itself: `cpu_core`, `cpu_atom`; '' elsewhere. */
  readonly pmu: string;
  /** Counted in user space alone: `cycles:u`, as perf does where the kernel may not be looked at. */
  readonly userOnly: boolean;
}

/** Other names of the same events (perf-list(1)). */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['cs', 'context-switches'],
  ['migrations', 'cpu-migrations'],
  ['faults', 'page-faults'],
  ['cpu-cycles', 'cycles'],
  ['branch-instructions', 'branches'],
  ['idle-cycles-frontend', 'stalled-cycles-frontend'],
  ['idle-cycles-backend', 'stalled-cycles-backend'],
]);

/** CPU time has a name by who counted it: what is said of one is said of all. */
const CPU_TIMES: ReadonlySet<string> = new Set(['cpu-clock', 'cpu-time']);

/** Whether a number that is worked out for the counter `beside` stands beside this event. */
export function standsBeside(event: string, beside: string): boolean {
  return event === beside || (beside === 'task-clock' && CPU_TIMES.has(event));
}

/** `cpu_core/cycles/u`, `cycles:uk`, `faults`: see perf-list(1), EVENT MODIFIERS. */
export function eventName(name: string): EventName {
  const [, pmu = '', inner, after = ''] = /^(cpu\w*|armv\d\w*)\/([^/]+)\/(\w*)$/.exec(name) ?? [];
  const [, plain = name, modifiers = ''] =
    inner === undefined ? (/^(.*?)(?::([ukhGHpPSDWIe]+))?$/.exec(name) ?? []) : [];
  const event = inner ?? plain;
  const flags = inner === undefined ? modifiers : after;
  return {
    event: ALIASES.get(event) ?? event,
    pmu: pmu === 'cpu' ? '' : pmu,
    userOnly: /u/.test(flags) && !/k/.test(flags),
  };
}
