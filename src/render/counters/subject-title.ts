import type { CounterRuns } from '../../profile/counters/counter-runs.ts';

/** What was measured, as perf stat's headline has it: `'node app.js'`, `process id 4711`, `the whole system`. */
export function subjectTitle({ command, subject }: Pick<CounterRuns, 'command' | 'subject'>): string {
  if (subject !== undefined) return subject;
  return command === undefined ? 'what was recorded' : `'${command.join(' ')}'`;
}
