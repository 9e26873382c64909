import { spawn } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { feed, filterThrough } from '../../src/processes/filter-tool.ts';

const text = (pieces: readonly Uint8Array[]): string => Buffer.concat(pieces).toString();
const sh = (script: string, input: Iterable<string | Uint8Array> = []) =>
  filterThrough('/bin/sh', ['-c', script], input);

describe('a tool between its input and its output', () => {
  test('gets every piece, in order, and tells how it ended', async () => {
    function* input() {
      const room = Buffer.alloc(4);
      for (const word of ['aaaa', 'bbbb', 'cccc']) {
        // The same bytes again, as our writers do.
        room.write(word);
        yield room;
      }
      yield 'text\n';
    }
    const { code, stdout, stderr } = await sh('cat; echo said >&2; exit 3', input());
    expect({ code, out: text(stdout), stderr }).toEqual({ code: 3, out: 'aaaabbbbcccctext\n', stderr: 'said\n' });
  });

  test('megabytes both ways do not stand in each other’s way', async () => {
    const piece = `${'x'.repeat(65_535)}\n`;
    const { stdout } = await sh('cat', Array(64).fill(piece));
    expect(text(stdout).length).toBe(64 * 65_536);
  });

  test('one that does not read to the end is not waited for', async () => {
    function* endless() {
      for (;;) yield 'x'.repeat(65_536);
    }
    const { code, stdout } = await sh('echo enough; exit 0', endless());
    expect({ code, out: text(stdout) }).toEqual({ code: 0, out: 'enough\n' });
  });

  test('one whose end is seen before its closed input is not written to without end', async () => {
    const child = spawn('/bin/cat', { stdio: ['pipe', 'ignore', 'ignore'] });
    // As node does when it hears of the end: the stream says so one turn of the loop later.
    child.stdin.destroy();
    let pieces = 0;
    function* input() {
      for (; pieces < 1000; pieces++) yield 'x';
    }
    await feed(child.stdin, input());
    expect(pieces).toBeLessThan(2);
  });

  test('one that is killed has no exit code', async () => {
    expect((await sh('kill -9 $$')).code).toBe(undefined);
  });
});
