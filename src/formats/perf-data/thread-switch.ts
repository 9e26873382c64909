import type { RecordedEvent } from './attributes.ts';
import { EXIT, FORK, SWITCH, SWITCH_CPU_WIDE } from './record-types.ts';
import type { ThreadSwitch } from './recording.ts';
import { unsigned64, type Words } from './words.ts';

/** `PERF_RECORD_MISC_SWITCH_OUT` and `PERF_RECORD_MISC_SWITCH_OUT_PREEMPT` of a record's flags. */
const OUT = 1 << 13;
const PREEMPTED = 1 << 14;

/** Whether a record says what became of a thread. */
export function isThreadSwitch(type: number): boolean {
  return type === SWITCH || type === SWITCH_CPU_WIDE || type === EXIT || type === FORK;
}

/**
 * Reads a record of the kinds SWITCH, SWITCH_CPU_WIDE, EXIT or FORK; layouts are those of include/uapi/linux/perf_event.h.
 * Whom a switch concerns stands in the part of a sample's fields that the record ends in.
 * @param end behind the record
 * @returns false: it names no thread or no time, or is too short
 */
export function readThreadSwitch(
  into: ThreadSwitch,
  { view }: Words,
  at: number,
  end: number,
  { idAll, tidBeforeEnd, timeBeforeEnd }: RecordedEvent,
  little: boolean,
): boolean {
  const type = view.getUint32(at, little);
  const size = end - at;
  if (type === EXIT || type === FORK) {
    if (size < 32) return false;
    into.kind = type === EXIT ? 'exit' : 'born';
    into.pid = view.getInt32(at + 8, little);
    into.tid = view.getInt32(at + 16, little);
    into.time = unsigned64(view, at + 24, little);
    return into.time > 0;
  }
  if (!idAll || tidBeforeEnd === 0 || timeBeforeEnd === 0 || tidBeforeEnd + 8 > size) return false;
  const flags = view.getUint16(at + 4, little);
  into.kind = (flags & OUT) === 0 ? 'in' : (flags & PREEMPTED) === 0 ? 'out' : 'preempted';
  into.pid = view.getInt32(end - tidBeforeEnd, little);
  into.tid = view.getInt32(end - tidBeforeEnd + 4, little);
  into.time = unsigned64(view, end - timeBeforeEnd, little);
  return true;
}
