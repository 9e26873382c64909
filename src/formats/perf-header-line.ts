/** The line of `perf script` that opens a sample. Absent parts: fields that were not asked for (`-F`). */
export interface PerfHeader {
  readonly comm: string;
  /** -1 = unknown. */
  readonly pid: number;
  /** -1 = unknown. */
  readonly tid: number;
  /** Nanoseconds. */
  readonly time?: number;
  /** Without modifiers: `cycles` for `cycles:ppp`, but `sched:sched_switch` whole. '' = unknown. */
  readonly event: string;
  /** 0 = unknown. */
  readonly period: number;
  /** What follows the event: a tracepoint's fields, or the only frame of a sample without a call chain. */
  readonly rest: string;
}

/** The kernel's names have 15 bytes, event names of a PMU some 100. Looking no further keeps a 20 MB line cheap. */
const LONGEST = 512;

/** comm, pid/tid or tid, [cpu], seconds.fraction. The comm is the shortest text that leaves a whole header behind it. */
const timed =
  /^\s*(.*?)(?:\s*(?<!\S)(-?\d+)(?:\/(-?\d+))?)?(?:\s*(?<!\S)\[(\d+)\])?\s*(?<!\S)(\d+)\.(\d{1,9}):(?=\s|$)/;
/** The same without a time, which an event must then follow; period and event stay in the rest. */
const untimed =
  /^\s*(.*?)\s*(?<!\S)(-?\d+)(?:\/(-?\d+))?(?:\s+\[\d+\])?(?=\s+(?:\d+\s+)?[A-Za-z_](?!\S*\/\/)[\w./=,@:-]*:(?:\s|$))/;
const periodAndEvent = /^\s*(?:(\d+)\s+)?([^\s\d]\S*):(?=\s|$)/;
const modifiers = /:[ukhIGHpPSDWebRX]*$/;

/**
 * Reads the line that opens a sample, whichever fields it has: `comm pid/tid [cpu] time: period event: rest`. The pid
 * is the last integer before the cpu or the time, so a comm may hold blanks, digits and brackets. A single number is
 * the thread (perf prints tid alone by default). Undefined where the line is none.
 */
export function parsePerfHeader(line: string): PerfHeader | undefined {
  const start = line.length > LONGEST ? line.slice(0, LONGEST) : line;
  const found = timed.exec(start) ?? untimed.exec(start);
  if (!found) return undefined;
  const [matched, comm = '', first, second, , seconds, fraction] = found;
  const after = start.slice(matched.length);
  const event = periodAndEvent.exec(after);
  const end = matched.length + (event ? event[0].length : 0);
  const rest = line.slice(end).trim();
  const onlyPeriod = event === null && /^\d{1,20}$/.test(rest);
  return {
    comm,
    pid: second === undefined ? -1 : Number(first),
    tid: Number(second ?? first ?? -1),
    ...(seconds === undefined ? {} : { time: Number(seconds) * 1e9 + Number(fraction!.padEnd(9, '0')) }),
    event: event ? event[2]!.replace(modifiers, '') : '',
    period: onlyPeriod ? Number(rest) : Number(event?.[1] ?? 0),
    rest: onlyPeriod ? '' : rest,
  };
}

/**
 * The header of `perf script -F comm,ip,sym` (`node `) or `-F comm,event,ip,sym` (`node cycles: `): nearly any text, so
 * only what stands directly above a frame may be taken for one.
 */
export function parseBareHeader(line: string): PerfHeader {
  const [, comm, event] = /^\s*(.*?)(?:\s+([^\s:]\S*):)?\s*$/.exec(line.slice(0, LONGEST)) ?? [];
  return { comm: comm ?? '', pid: -1, tid: -1, event: (event ?? '').replace(modifiers, ''), period: 0, rest: '' };
}
