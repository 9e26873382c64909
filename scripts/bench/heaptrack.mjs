// What heaptrack left of a program that allocates millions of times. Needs g++, heaptrack and zstd.
import { execFileSync } from 'node:child_process';
import { compare } from './measure.mjs';

/** @param {(name: string, make: (path: string) => void) => string} made @param peer as in bench-self.mjs */
export function heaptrack(folder, rounds, made, peer) {
  const program = made('many-calls', (path) => {
    execFileSync('g++', ['-g', '-O1', 'scripts/bench/programs/many-calls.cpp', '-o', path]);
  });
  const input = made('many-calls.zst', (path) => {
    execFileSync('heaptrack', ['-o', path.slice(0, -'.zst'.length), program], { cwd: folder, stdio: 'ignore' });
  });
  compare('heaptrack: 8 million calls', rounds, [
    { name: 'ours: the report', command: ['node', 'bin/pforge-prof.js', 'massif', '-q', input] },
    { name: 'ours: the peak as a flame graph', command: ['node', 'bin/pforge-prof.js', 'flame', '-q', input] },
    ...peer('heaptrack_print', (path) => [path, input]),
  ]);
}
