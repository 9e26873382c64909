/** The line that opens a sample. */
import { isBlank, isDigit } from './characters.ts';
import { numberOf } from './keys.ts';
import { equalBytes, toF64, u8At } from './memory.ts';
import { MORE, NEW_EVENT, NEW_SUBJECT, ODD } from './status.ts';

const LONGEST: i32 = 512;

/** Where in the window the header before has its subject, and what stands behind its time; lengths of nothing where it has none. */
let subject: i32 = 0;
let subjectLength: i32 = 0;
let measured: i32 = 0;
let measuredLength: i32 = -1;
let thread: i32 = 0;
let event: i32 = 0;
let period: f64 = 0;
let time: f64 = 0;

/** What the last header said: the numbers that the caller gave its subject and its event. */
export function headerThread(): i32 {
  return thread;
}

export function headerEvent(): i32 {
  return event;
}

/** 0 = none. */
export function headerPeriod(): f64 {
  return period;
}

/** Nanoseconds. */
export function headerTime(): f64 {
  return time;
}

/** The window was filled anew. */
export function forgetHeader(): void {
  subjectLength = 0;
  measuredLength = -1;
}

/** `comm pid/tid [cpu] seconds.fraction: period event: rest`; the parts in front of the time are the subject. */
export function header(from: i32, to: i32): i32 {
  const stamp = from + subjectLength;
  if (subjectLength > 0 && to - from <= LONGEST && stamp < to && equalBytes(from, subject, subjectLength)) {
    const colon = readTime(stamp, to);
    if (colon > 0) return measureAgain(colon + 1, to);
  }
  forgetHeader();
  return newHeader(from, to);
}

/** The time that starts here and ends with a colon and a blank. @returns where the colon stands; 0 where that is not so */
function readTime(stamp: i32, to: i32): i32 {
  let at = stamp;
  // As whole numbers, where they are not too long for that
  let first = 0;
  for (; at < to && at - stamp < 9 && isDigit(u8At(at)); at++) first = first * 10 + u8At(at) - 48;
  let seconds = toF64(first);
  for (; at < to && isDigit(u8At(at)); at++) seconds = seconds * 10 + toF64(u8At(at) - 48);
  if (at === stamp || at - stamp > 12 || at >= to || u8At(at) !== 46) return 0;
  at++;
  const fraction = at;
  let nanoseconds = 0;
  for (; at < to && at - fraction < 9 && isDigit(u8At(at)); at++) nanoseconds = nanoseconds * 10 + u8At(at) - 48;
  if (at === fraction || at >= to || u8At(at) !== 58) return 0;
  if (at + 1 < to && !isBlank(u8At(at + 1))) return 0;
  for (let i = at - fraction; i < 9; i++) nanoseconds *= 10;
  time = seconds * 1000000000 + toF64(nanoseconds);
  return at;
}

/** What stands behind the time, of the subject of the header before. */
function measureAgain(from: i32, to: i32): i32 {
  if (to - from === measuredLength && equalBytes(from, measured, measuredLength)) return MORE;
  measuredLength = -1;
  if (!isText(from, to)) return ODD;
  return keepMeasured(from, to, measure(from, to));
}

function keepMeasured(from: i32, to: i32, status: i32): i32 {
  if (status !== MORE) return status;
  measured = from;
  measuredLength = to - from;
  return MORE;
}

/** Whether all is ASCII, and no control character but tab. */
function isText(from: i32, to: i32): bool {
  for (let i = from; i < to; i++) if (u8At(i) >= 128 || (u8At(i) < 32 && u8At(i) !== 9)) return false;
  return true;
}

function newHeader(from: i32, to: i32): i32 {
  if (to - from > LONGEST || u8At(from) === 35 || u8At(from) === 9) return ODD;
  let colon = from;
  let fraction: i32 = 0;
  let stamp: i32 = 0;
  for (; colon < to; colon++) {
    const c = u8At(colon);
    if (c >= 128 || (c < 32 && c !== 9)) return ODD;
    if (c !== 58 || (colon + 1 < to && !isBlank(u8At(colon + 1)))) continue;
    fraction = colon;
    while (fraction > from && isDigit(u8At(fraction - 1))) fraction--;
    if (fraction === colon || colon - fraction > 9 || fraction === from || u8At(fraction - 1) !== 46) continue;
    stamp = fraction - 1;
    while (stamp > from && isDigit(u8At(stamp - 1))) stamp--;
    if (stamp === fraction - 1 || (stamp > from && !isBlank(u8At(stamp - 1)))) continue;
    break;
  }
  if (colon >= to || fraction - stamp > 13) return ODD;
  if (!isText(colon, to)) return ODD;
  readTime(stamp, to);
  thread = numberOf(NEW_SUBJECT, from, stamp);
  if (thread < 0) return NEW_SUBJECT;
  subject = from;
  subjectLength = stamp - from;
  return keepMeasured(colon + 1, to, measure(colon + 1, to));
}

/** `period event: rest`: the period may be missing, the event too where nothing follows it. */
function measure(from: i32, to: i32): i32 {
  let word = skipBlanks(from, to);
  period = 0;
  let digits = word;
  while (digits < to && isDigit(u8At(digits))) {
    period = period * 10 + toF64(u8At(digits) - 48);
    digits++;
  }
  if (digits > word) {
    if (digits - word > 15 || digits === to || !isBlank(u8At(digits))) return ODD;
    word = skipBlanks(digits, to);
    if (word === to || isDigit(u8At(word))) return ODD;
  }
  let wordEnd = word;
  while (wordEnd < to && !isBlank(u8At(wordEnd))) wordEnd++;
  if (word < to && (wordEnd - word < 2 || u8At(wordEnd - 1) !== 58)) return ODD;
  let last = to;
  while (last > wordEnd && isBlank(u8At(last - 1))) last--;
  // The only frame of a sample without a call chain stands there
  if (last > wordEnd && u8At(last - 1) === 41) return ODD;
  event = numberOf(NEW_EVENT, word, word < to ? wordEnd - 1 : word);
  return event === -2 ? NEW_EVENT : event === -1 ? ODD : MORE;
}

function skipBlanks(from: i32, to: i32): i32 {
  let i = from;
  while (i < to && isBlank(u8At(i))) i++;
  return i;
}
