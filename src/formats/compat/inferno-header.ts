import { parseWhole, trim } from './rust-text.ts';

/** The line that opens a sample, as inferno-collapse-perf reads it. */
export interface InfernoHeader {
  readonly comm: string;
  /** `?` where the line has one number alone. */
  readonly pid: string;
  readonly tid: string;
  /** Up to the `:` behind it: `cycles` for `cycles:ppp`. Absent where no second `:` stands behind the numbers. */
  readonly event?: string;
  readonly period?: number;
  /** The frame of a sample that stands on one line; a tracepoint's payload is taken for one. */
  readonly frame?: string;
}

/** The first word of digits behind a blank, perhaps two numbers with a slash, is the thread. Undefined: no such line. */
export function infernoHeader(line: string): InfernoHeader | undefined {
  let wordStart = 0;
  let digits = false;
  let slash = -1;
  for (let i = 0; i < line.length; i++) {
    const code = line.charCodeAt(i);
    if (code === 32) {
      if (digits && i > wordStart) {
        const comm = trim(line.slice(0, wordStart - 1));
        const pid = slash < 0 ? '?' : line.slice(wordStart, slash);
        const tid = slash < 0 ? line.slice(wordStart, i) : line.slice(slash + 1, i);
        return { comm, pid, tid, ...measure(line.slice(i + 1)) };
      }
      wordStart = i + 1;
      digits = true;
    } else if (code === 47) {
      if (digits) slash = i;
    } else if (code < 48 || code > 57) {
      digits = false;
      slash = -1;
    }
  }
  return undefined;
}

/** @param text behind the numbers: `[cpu] time: period event: frame` */
function measure(text: string): Pick<InfernoHeader, 'event' | 'period' | 'frame'> {
  const start = text.indexOf(':') + 1;
  if (start === 0) return {};
  const end = text.indexOf(':', start);
  const measured = text.slice(start, end < 0 ? text.length : end);
  const blank = measured.lastIndexOf(' ');
  const before = measured.slice(0, Math.max(0, blank));
  const period = blank < 0 ? undefined : parseWhole(before.slice(before.lastIndexOf(' ') + 1));
  const found = { event: measured.slice(blank + 1), ...(period === undefined ? {} : { period }) };
  if (end < 0) return found;
  const behind = text.slice(end + 1);
  const frame = trim(behind.slice(behind.search(/[: ]/) + 1));
  return frame === '' ? found : { ...found, frame };
}
