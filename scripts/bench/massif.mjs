// What massif left of a program that allocates at many places: more than a gigabyte. Needs g++ and valgrind.
import { execFileSync } from 'node:child_process';
import { compare } from './measure.mjs';

const OPTIONS = ['--threshold=0', '--depth=70', '--max-snapshots=600', '--detailed-freq=1'];

/** @param {(name: string, make: (path: string) => void) => string} made @param peer as in bench-self.mjs */
export function massif(folder, rounds, made, peer) {
  const program = made('deep-heap', (path) => {
    execFileSync('g++', ['-g', '-O0', 'scripts/bench/programs/deep-heap.cpp', '-o', path]);
  });
  const input = made('massif.out', (path) => {
    execFileSync('valgrind', ['-q', '--tool=massif', ...OPTIONS, `--massif-out-file=${path}`, program], {
      cwd: folder,
    });
  });
  compare('massif: more than 1 GB', rounds, [
    {
      name: 'ours: the text of ms_print',
      command: ['node', 'bin/pforge-prof.js', 'massif', '-q', '--ms-print', input],
    },
    {
      name: 'ours: the peak as a flame graph',
      command: ['node', 'bin/pforge-prof.js', 'massif', '-q', '--flame', input],
    },
    ...peer('ms_print', (path) => [path, input]),
  ]);
}
