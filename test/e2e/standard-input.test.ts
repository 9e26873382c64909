import { spawnSync } from 'node:child_process';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { bin, runCli, workFolder } from './run-cli.ts';

const stacks = Array.from({ length: 40_000 }, (_, i) => `main;parse_${i % 97};node_${i} ${1 + (i % 5)}`);
const FOLDED = `${stacks.sort().join('\n')}\n`;
const PERF = Array.from(
  { length: 20_000 },
  (_, i) => `app 1/2 1.000001: 7 cycles: \n\t${(4096 + i).toString(16)} f${i % 50} (/srv/app)\n\n`,
).join('');

/** What each way to standard input makes of a file: a pipe, a socket (how node starts programs), the file itself. */
async function byAllWays(content: string | Buffer): Promise<string[]> {
  const cwd = workFolder();
  const file = join(cwd, 'input');
  writeFileSync(file, content);
  const words = ['convert', '-q', '-', '-o', '-', '--format', 'folded'];
  const piped = spawnSync(
    'sh',
    ['-c', 'cat "$1" | "$2" "$3" "$4" "$5" "$6" "$7" "$8" "$9" folded', 'sh', file, process.execPath, bin, ...words],
    { cwd },
  );
  const handle = openSync(file, 'r');
  const redirected = spawnSync(process.execPath, [bin, ...words], { cwd, stdio: [handle, 'pipe', 'pipe'] });
  closeSync(handle);
  const socket = await runCli(words, { cwd, stdin: content });
  return [String(piped.stdout), String(redirected.stdout), socket.stdout];
}

test('a pipe, a socket and a redirected file are read to the last byte', async () => {
  const lines = (texts: string[]) => texts.map((text) => text.split('\n').sort().join('\n') === sorted);
  const sorted = FOLDED.split('\n').sort().join('\n');
  expect(lines(await byAllWays(FOLDED))).toEqual([true, true, true]);
  const [first, ...others] = await byAllWays(PERF);
  expect(first!.split('\n').filter(Boolean)).toHaveLength(50);
  expect(others).toEqual([first, first]);
  expect(lines(await byAllWays(gzipSync(FOLDED)))).toEqual([true, true, true]);
});

test('a pipe that gives a byte at a time, with pauses', () => {
  const script = '(printf a; sleep 0.1; printf ";"; sleep 0.1; printf "b 1"; sleep 0.1; echo) | "$1" "$2" convert -q -';
  const { stdout, status } = spawnSync('sh', ['-c', script, 'sh', process.execPath, bin]);
  expect([String(stdout), status]).toEqual(['a;b 1\n', 0]);
});

test('an empty pipe is said to be empty', () => {
  const { stderr, status } = spawnSync('sh', ['-c', 'true | "$1" "$2" convert -', 'sh', process.execPath, bin]);
  expect([String(stderr), status]).toEqual(['pforge-prof: error: standard input is empty\n', 2]);
});
