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
let plainMicros: i64 = 0;

/** Microseconds of plain samples: those of all that fit into SPANS are together less than 2^32. */
const NO_PLAIN_MICROS: v128 = i32x4.splat(~0xfffff);
const IDLE_STACKS: v128 = i32x4.splat(IDLE_STACK);
const NANOSECONDS: v128 = i32x4.splat(1000);

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
  // In locals: what is global is written to memory and read from there again for each sample
  let behind = <i64>lag;
  let idle = gap;
  let passed: i64 = 0;
  let backwards = 0;
  let gaps = 0;
  let kept = 0;
  let i = 0;
  while (i < count) {
    if (behind === 0 && idle === 0) {
      const plain = settlePlain(i, count, ids, kept);
      i += plain;
      kept += plain;
      passed += plainMicros;
      if (i === count) break;
    }
    const id = load<i32>(NUMBERS + (i << 2));
    if (<u32>id >= <u32>ids) break;
    const stack = load<i32>(IDS + (id << 2));
    const delta = load<i32>(SPANS + (i << 2));
    const ahead = <i64>delta - behind;
    if (stack === NO_ROW || ahead > MOST_MICROS || ahead < -MOST_LAG) break;
    if (delta < 0) backwards++;
    const micros = ahead > 0 ? ahead : 0;
    behind = micros - ahead;
    passed += micros;
    const span = <i32>micros * 1000;
    i++;
    if (stack === IDLE_STACK) {
      idle += <f64>span;
      continue;
    }
    if (idle > 0) {
      store<i32>(GAP_ROWS + (gaps << 2), kept);
      store<f64>(GAP_TIMES + (gaps << 3), idle);
      gaps++;
      idle = 0;
    }
    store<i32>(SPANS + (kept << 2), span);
    store<i32>(NUMBERS + (kept << 2), stack);
    kept++;
  }
  lagNow = behind;
  gapNow = idle;
  passedMicros = passed;
  backwardsCount = backwards;
  gapCount = gaps;
  keptCount = kept;
  return i;
}

/**
 * Settles samples four at a time, as far as they are what nearly all are: time goes on, something runs, and nothing is
 * behind or idle. What time passes is in `plainMicros`.
 * @param kept samples that stay before them
 * @returns how many
 */
@inline
function settlePlain(from: i32, count: i32, ids: i32, kept: i32): i32 {
  const known = i32x4.splat(ids);
  let sums = i64x2.splat(0);
  let to = <usize>(kept << 2);
  let at = <usize>(from << 2);
  const last = <usize>(count << 2) - 16;
  for (; <isize>at <= <isize>last; at += 16, to += 16) {
    const id = v128.load(at, NUMBERS);
    const micros = v128.load(at, SPANS);
    const odd = v128.or(v128.and(micros, NO_PLAIN_MICROS), v128.ge<u32>(id, known));
    if (v128.any_true(odd)) break;
    let stacks = v128.load32_zero(IDS + (<usize>v128.extract_lane<u32>(id, 0) << 2));
    stacks = v128.load_lane<u32>(IDS + (<usize>v128.extract_lane<u32>(id, 1) << 2), stacks, 1);
    stacks = v128.load_lane<u32>(IDS + (<usize>v128.extract_lane<u32>(id, 2) << 2), stacks, 2);
    stacks = v128.load_lane<u32>(IDS + (<usize>v128.extract_lane<u32>(id, 3) << 2), stacks, 3);
    if (!v128.all_true<i32>(v128.gt<i32>(stacks, IDLE_STACKS))) break;
    sums = v128.add<i64>(sums, v128.add<i64>(v128.extend_low<u32>(micros), v128.extend_high<u32>(micros)));
    v128.store(to, stacks, NUMBERS);
    v128.store(to, v128.mul<i32>(micros, NANOSECONDS), SPANS);
  }
  plainMicros = v128.extract_lane<i64>(sums, 0) + v128.extract_lane<i64>(sums, 1);
  return <i32>(at >> 2) - from;
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
