/** The line that opens a sample. */
import { isBlank, isDigit } from './characters.ts';
import { numberOf } from './keys.ts';
import { toF64, u8At } from './memory.ts';
import { MORE, NEW_EVENT, NEW_SUBJECT, ODD } from './status.ts';

const LONGEST: i32 = 512;

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

/** `comm pid/tid [cpu] seconds.fraction: period event: rest`; the parts in front of the time are the subject. */
export function header(from: i32, to: i32): i32 {
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
  for (let i = colon; i < to; i++) if (u8At(i) >= 128 || (u8At(i) < 32 && u8At(i) !== 9)) return ODD;

  let seconds: f64 = 0;
  for (let i = stamp; i < fraction - 1; i++) seconds = seconds * 10 + toF64(u8At(i) - 48);
  let nanoseconds: f64 = 0;
  for (let i = 0; i < 9; i++) {
    nanoseconds = nanoseconds * 10 + (fraction + i < colon ? toF64(u8At(fraction + i) - 48) : 0);
  }
  time = seconds * 1000000000 + nanoseconds;

  thread = numberOf(NEW_SUBJECT, from, stamp);
  return thread < 0 ? NEW_SUBJECT : measure(colon + 1, to);
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
