// A node program of which it is known what became slower:  program.cjs ROUNDS ORDER SLOWED PERCENT
//     ORDER   rounds (all stages again and again) or phases (one stage after the other)
//     SLOWED  the function that does PERCENT more work: hash, blend, scan; or none
// It does the same each time it runs. Shares: hash 45 %, mix 5 %, blend 20 %, copy 5 %, scan 10 %, sum 15 %.
'use strict';
const [rounds, order, slowed, percent] = [
  Number(process.argv[2]),
  process.argv[3],
  process.argv[4],
  Number(process.argv[5]),
];
const SIZE = 4096;
const table = new Int32Array(SIZE);
for (let i = 0, state = 12345; i < SIZE; i++) table[i] = state = (Math.imul(state, 1664525) + 1013904223) | 0;
const moved = new Int32Array(SIZE);
const bytes = Uint8Array.from(table, (number) => number >>> 8);
let sink = 0;

/** In hundredths: parts of a round differ in length, so that they never run in step with the profiler's clock. */
let portion = 100;

const work = (name, steps) => Math.round((steps * portion * (name === slowed ? 100 + percent : 100)) / 10000);

function hash(steps) {
  let state = 0x811c9dc5 | 0;
  for (let i = 0; i < steps; i++) state = Math.imul(state ^ table[i % SIZE], 0x01000193);
  return state;
}

function mix(steps) {
  let state = 88172645;
  for (let i = 0; i < steps; i++) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
  }
  return state;
}

function blend(steps) {
  let state = 1;
  for (let i = 0; i < steps; i++) state = (Math.imul(state, 3) + Math.imul(table[i % SIZE], 5) + (state >>> 7)) | 0;
  return state;
}

function copy(steps) {
  for (let i = 0; i < steps; i++) moved[(i * 7) % SIZE] = table[i % SIZE] ^ i;
  return moved[11];
}

function scan(steps) {
  let found = 0;
  for (let i = 0; i < steps; i++) if (bytes[(i * 31) % SIZE] % 3 === 0) found++;
  return found;
}

function sum(steps) {
  let total = 0;
  for (let i = 0; i < steps; i++) total = (total + (table[i % SIZE] >> 3)) | 0;
  return total;
}

function digest() {
  sink ^= hash(work('hash', 9000));
  sink ^= mix(work('mix', 900));
}

function arrange() {
  sink ^= blend(work('blend', 6000));
  sink ^= copy(work('copy', 1400));
}

function summarize() {
  sink ^= scan(work('scan', 900));
  sink ^= sum(work('sum', 4500));
}

const stages = [digest, arrange, summarize];

function run() {
  let dice = 1;
  for (let i = 0; i < rounds * 3; i++) {
    dice = (Math.imul(dice, 1664525) + 1013904223) | 0;
    portion = 50 + ((dice >>> 16) % 101);
    stages[order === 'phases' ? Math.floor(i / rounds) : i % 3]();
    sink ^= i;
  }
}

run();
console.log(sink);
