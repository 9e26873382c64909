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

// Each can only start at a word, so that none looks at a blank or a digit twice
const timeWord = /(?<!\S)(\d+)\.(\d{1,9}):(?=\s|$)/;
const eventWord = /(?<!\S)[A-Za-z_](?!\S*\/\/)[\w./=,@:-]*:(?=\s|$)/g;
const periodAndEvent = /^\s*(?:(\d+)\s+)?([^\s\d]\S*):(?=\s|$)/;
const modifiers = /:[ukhIGHpPSDWebRX]*$/;
const cpuWord = /^\[\d+\]$/;
const idsWord = /^(-?\d+)(?:\/(-?\d+))?$/;

/**
 * Reads the line that opens a sample, whichever fields it has: `comm pid/tid [cpu] time: period event: rest`. The pid
 * is the last integer before the cpu or the time, so a comm may hold blanks, digits and brackets. A single number is
 * the thread (perf prints tid alone by default). Without a time, an event must stand behind the ids. Undefined where
 * the line is none.
 */
export function parsePerfHeader(line: string): PerfHeader | undefined {
  const start = line.length > LONGEST ? line.slice(0, LONGEST) : line;
  const stamp = timeWord.exec(start);
  if (stamp !== null) {
    const time = Number(stamp[1]) * 1e9 + Number(stamp[2]!.padEnd(9, '0'));
    return { ...subjectOf(start.slice(0, stamp.index)), time, ...measureOf(line, stamp.index + stamp[0].length) };
  }
  for (const { index } of start.matchAll(eventWord)) {
    const { rest, word } = lastWord(start.slice(0, index));
    const before = lastWord(rest).word;
    // Two numbers, or a cpu and a number: the second is the period
    const period = /^\d+$/.test(word) && (cpuWord.test(before) || idsWord.test(before));
    const subject = subjectOf(period ? rest : start.slice(0, index));
    if (subject.tid >= 0) return { ...subject, ...measureOf(line, period ? rest.length : index) };
  }
  return undefined;
}

/** `comm pid/tid [cpu]`, from the right. */
export function subjectOf(text: string): Pick<PerfHeader, 'comm' | 'pid' | 'tid'> {
  let { rest, word } = lastWord(text);
  if (cpuWord.test(word)) {
    text = rest;
    ({ rest, word } = lastWord(text));
  }
  const ids = idsWord.exec(word);
  if (!ids) return { comm: text.trim(), pid: -1, tid: -1 };
  const [, first, second] = ids;
  return { comm: rest.trim(), pid: second === undefined ? -1 : Number(first), tid: Number(second ?? first) };
}

/** `period event: rest`, from a place in the line on. */
function measureOf(line: string, from: number): Pick<PerfHeader, 'event' | 'period' | 'rest'> {
  const found = periodAndEvent.exec(line.slice(from, from + LONGEST));
  const rest = line.slice(from + (found ? found[0].length : 0)).trim();
  if (found) return { event: eventName(found[2]!), period: Number(found[1] ?? 0), rest };
  return /^\d{1,20}$/.test(rest) ? { event: '', period: Number(rest), rest: '' } : { event: '', period: 0, rest };
}

/** An event without its modifiers: `cycles` for `cycles:ppp`. */
export function eventName(word: string): string {
  return word.replace(modifiers, '');
}

function lastWord(text: string): { rest: string; word: string } {
  const trimmed = text.trimEnd();
  const cut = Math.max(trimmed.lastIndexOf(' '), trimmed.lastIndexOf('\t')) + 1;
  return { rest: trimmed.slice(0, cut), word: trimmed.slice(cut) };
}

/**
 * The header of `perf script -F comm,ip,sym` (`node `) or `-F comm,event,ip,sym` (`node cycles: `): nearly any text, so
 * only what stands directly above a frame may be taken for one.
 */
export function parseBareHeader(line: string): PerfHeader {
  const text = line.slice(0, LONGEST).trim();
  const { rest, word } = lastWord(text);
  const hasEvent = word.endsWith(':') && rest !== '';
  const event = hasEvent ? eventName(word.slice(0, -1)) : '';
  return { comm: (hasEvent ? rest : text).trim(), pid: -1, tid: -1, event, period: 0, rest: '' };
}
