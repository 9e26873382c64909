import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/** Runs argv[2:] with its output thrown away; prints wall seconds, CPU seconds and peak RSS in KiB as the kernel has them. */
const WAIT4 = `
import os, sys, time
start = time.monotonic()
pid = os.fork()
if pid == 0:
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    os.execvp(sys.argv[1], sys.argv[1:])
_, status, usage = os.wait4(pid, 0)
print(time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
`;

/**
 * One run of a program.
 * @param {readonly string[]} command
 * @param {string} [stdin] a file
 * @returns {{ wall: number, cpu: number, rss: number }} seconds, seconds, MiB
 */
function measure(command, stdin) {
  const input = openSync(stdin ?? '/dev/null', 'r');
  const stdio = [input, 'pipe', 'inherit'];
  const { status, stdout } = spawnSync('python3', ['-c', WAIT4, ...command], { stdio, encoding: 'utf8' });
  closeSync(input);
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}`);
  const [wall, cpu, rss] = stdout.trim().split(' ').map(Number);
  return { wall, cpu, rss: rss / 1024 };
}

/**
 * Times commands against each other: all of them once a round, so that a busy moment of the machine meets each alike.
 * @param {string} title
 * @param {number} rounds after one to warm up
 * @param {readonly { name: string, command: readonly string[], stdin?: string }[]} cases the first is ours
 */
export function compare(title, rounds, cases) {
  const runs = cases.map(() => []);
  for (let round = -1; round < rounds; round++) {
    cases.forEach(({ command, stdin }, i) => {
      const run = measure(command, stdin);
      if (round >= 0) runs[i].push(run);
    });
  }
  console.log(`\n${title}`);
  const heads = ['wall s', 'cpu s', 'RSS MiB', 'ours: wall', 'cpu', 'RSS'];
  console.log(`${''.padEnd(34)}${heads.map((head) => head.padStart(11)).join('')}`);
  cases.forEach(({ name }, i) => {
    const of = (what) => median(runs[i].map((run) => run[what]));
    const times = (what) => `${median(runs[i].map((run, round) => run[what] / runs[0][round][what])).toFixed(2)}x`;
    const figures = [of('wall').toFixed(3), of('cpu').toFixed(3), of('rss').toFixed(0)];
    const ratios = i === 0 ? [] : [times('wall'), times('cpu'), times('rss')];
    console.log(`${name.padEnd(34)}${[...figures, ...ratios].map((figure) => figure.padStart(11)).join('')}`);
  });
}

/** @param {readonly number[]} values */
export function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
