// A node program of which it is known what became slower:  program.cjs ROUNDS ORDER SLOWED PERCENT
//     ORDER   rounds (all stages again and again) or phases (one stage after the other)
//     SLOWED  the function that does PERCENT more work: hash, sort, scan; or none
// It does the same each time it runs. Shares: hash 45 %, mix 5 %, sort 20 %, copy 5 %, scan 10 %, sum 15 %.
'use strict';
const [rounds, order, slowed, percent] = [Number(process.argv[2]), process.argv[3], process.argv[4], Number(process.argv[5])];
const SIZE = 4096;
const table = new Int32Array(SIZE);
for (let i = 0, state = 12345; i < SIZE; i++) table[i] = state = (Math.imul(state, 1664525) + 1013904223) | 0;
const moved = new Int32Array(SIZE);
const words = Array.from(table.subarray(0, 512), (number) => `word-${number & 1023}`);
let sink = 0;

const work = (name, steps) => (name === slowed ? Math.round(steps * (1 + percent / 100)) : steps);

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

function sort(steps) {
  for (let part = 0; part < steps; part++) {
    const start = (part % (SIZE / 64)) * 64;
    for (let i = 0; i < 64; i++) moved[start + i] = table[start + i];
    for (let gap = 32; gap > 0; gap >>= 1)
      for (let i = start + gap; i < start + 64; i++)
        for (let j = i; j >= start + gap && moved[j] < moved[j - gap]; j -= gap) {
          const held = moved[j];
          moved[j] = moved[j - gap];
          moved[j - gap] = held;
        }
  }
  return moved[7];
}

function copy(steps) {
  for (let i = 0; i < steps; i++) moved[(i * 7) % SIZE] = table[i % SIZE] + i;
  return moved[11];
}

function scan(steps) {
  let found = 0;
  for (let i = 0; i < steps; i++) if (words[i % words.length].endsWith('7')) found++;
  return found;
}

function sum(steps) {
  let total = 0;
  for (let i = 0; i < steps; i++) total += table[i % SIZE] * 0.5;
  return total;
}

function digest() {
  sink += hash(work('hash', 90000));
  sink += mix(6000);
}

function arrange() {
  sink += sort(work('sort', 60));
  sink += copy(14000);
}

function summarize() {
  sink += scan(work('scan', 2700));
  sink += sum(16000);
}

const stages = [digest, arrange, summarize];

function run() {
  for (let i = 0; i < rounds * 3; i++) {
    stages[order === 'phases' ? Math.floor(i / rounds) : i % 3]();
    sink++;
  }
}

run();
console.log(sink);
