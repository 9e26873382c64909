import { GAP_ROWS, GAP_TIMES, IDS, NUMBERS, SPANS } from './memory';

/** What IDS has for an id that no node has, and for nodes in which nothing runs: as in cpuprofile/node-ids.ts and cpuprofile/tree.ts. */
const NO_ROW: i32 = -0x80000000;
const IDLE_STACK: i32 = -2;
/** Nanoseconds of them fit into 32 bits. */
const MOST_MICROS: i64 = 2147483;
/** Who is further behind than this is left to others, who look whether it can be. */
const MOST_LAG: i64 = 1 << 30;

let keptCount: i32 = 0;
let gapCount: i32 = 0;
let lagNow: i64 = 0;
let gapNow: f64 = 0;
let passedMicros: i64 = 0;
let backwardsCount: i32 = 0;

/**
 * Puts the stacks of samples in the place of the ids in NUMBERS, and nanoseconds in that of microseconds in SPANS, as
 * cpuprofile/whole.ts does; those of idle samples are left out, and stand in GAP_ROWS and GAP_TIMES: how many samples
 * stay before each gap, and its nanoseconds. The rest that is asked for afterwards are the functions below.
 * @param count of samples
 * @param ids how many numbers are in IDS
 * @param lag microseconds that the clock is behind
 * @param gap nanoseconds that were idle just before
 * @returns how many were done; the next one is of a rare kind
 */
export function settle(count: i32, ids: i32, lag: f64, gap: f64): i32 {
  lagNow = <i64>lag;
  gapNow = gap;
  passedMicros = 0;
  backwardsCount = gapCount = 0;
  let kept = 0;
  let i = 0;
  for (; i < count; i++) {
    const id = load<i32>(NUMBERS + (i << 2));
    if (<u32>id >= <u32>ids) break;
    const stack = load<i32>(IDS + (id << 2));
    const delta = load<i32>(SPANS + (i << 2));
    const ahead = <i64>delta - lagNow;
    if (stack === NO_ROW || ahead > MOST_MICROS || ahead < -MOST_LAG) break;
    if (delta < 0) backwardsCount++;
    const micros = ahead > 0 ? ahead : 0;
    lagNow = micros - ahead;
    passedMicros += micros;
    const span = <i32>micros * 1000;
    if (stack === IDLE_STACK) {
      gapNow += <f64>span;
      continue;
    }
    if (gapNow > 0) {
      store<i32>(GAP_ROWS + (gapCount << 2), kept);
      store<f64>(GAP_TIMES + (gapCount << 3), gapNow);
      gapCount++;
      gapNow = 0;
    }
    store<i32>(SPANS + (kept << 2), span);
    store<i32>(NUMBERS + (kept << 2), stack);
    kept++;
  }
  keptCount = kept;
  return i;
}

/** Samples that stay. */
export function kept(): i32 {
  return keptCount;
}

export function gaps(): i32 {
  return gapCount;
}

export function lag(): f64 {
  return <f64>lagNow;
}

export function gap(): f64 {
  return gapNow;
}

/** Microseconds that have passed. */
export function passed(): f64 {
  return <f64>passedMicros;
}

/** Deltas below 0. */
export function backwards(): i32 {
  return backwardsCount;
}
