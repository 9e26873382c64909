import type { Thread } from '../../profile/profile.ts';

/** Labels by which profilers name a sample's thread: ours, perf_data_converter's, Datadog's, Pyroscope's. */
const THREAD_LABELS: ReadonlyMap<string, keyof Thread> = new Map([
  ['thread', 'name'],
  ['thread name', 'name'],
  ['thread_name', 'name'],
  ['thread_comm', 'name'],
  ['tid', 'tid'],
  ['thread id', 'tid'],
  ['thread_id', 'tid'],
  ['pid', 'pid'],
  ['process_id', 'pid'],
  ['process', 'process'],
  ['comm', 'process'],
]);

/** A thread while its sample's labels are read. */
export type LabelledThread = { -readonly [Key in keyof Thread]: Thread[Key] };

/**
 * Takes a label into the thread where it speaks of one.
 * @param value a text or a number, as the label has it
 * @returns whether it does
 */
export function takeThreadLabel(thread: LabelledThread, key: string, value: string | number): boolean {
  const part = THREAD_LABELS.get(key);
  if (part === undefined) return false;
  if (part === 'name' || part === 'process') thread[part] = String(value);
  else {
    // proto3 leaves out a 0: such a label has neither number nor text
    const id = value === '' ? 0 : typeof value === 'number' ? value : /^\d+$/.test(value) ? Number(value) : -1;
    if (!Number.isSafeInteger(id)) return false;
    thread[part] = id;
  }
  return true;
}

/** The labels that {@link takeThreadLabel} turns into the same thread again. */
export function threadLabels({ pid, tid, process, name }: Thread): [key: string, value: string | number][] {
  const labels: [string, string | number][] = [];
  if (pid >= 0) labels.push(['pid', pid]);
  if (tid >= 0) labels.push(['tid', tid]);
  if (process !== '') labels.push(['process', process]);
  // A thread of which nothing is known still is one
  if (name !== '' || labels.length === 0) labels.push(['thread', name]);
  return labels;
}
