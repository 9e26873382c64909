/** What an off-CPU recording measures, in nanoseconds: waits for something, and time in which a thread could have run. */
export const OFF_CPU = 'off-cpu';
export const PREEMPTED = 'preempted';

/** Leaf frames that tell such stacks apart from those on the CPU. */
export const OFF_CPU_FRAME = '[off-cpu]';
export const PREEMPTED_FRAME = '[preempted]';

/** Said where a recording holds waits and its default weight does not show them. */
export const WAITS_NOTE = 'time off the CPU was recorded too: --off-cpu shows it, --wall shows all time';

export function isWaiting(valueType: string): boolean {
  return valueType === OFF_CPU || valueType === PREEMPTED;
}
