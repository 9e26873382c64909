import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { openOutput } from '../src/output.ts';
import type { World } from '../src/world.ts';
import { workFolder } from './e2e/run-cli.ts';

const world = (stdout = new PassThrough()): World => ({
  argv: [],
  env: {},
  stdin: new PassThrough(),
  stdout,
  stderr: new PassThrough(),
});

describe('a result file', () => {
  test('appears whole: what was there stays when the writing fails', async () => {
    const folder = workFolder();
    const file = join(folder, 'x.svg');
    writeFileSync(file, 'older');
    function* broken(): Iterable<string> {
      yield 'x'.repeat(200_000);
      throw new Error('drawing failed');
    }
    await expect(openOutput(file, world()).write(broken())).rejects.toThrow('drawing failed');
    expect(readFileSync(file, 'utf8')).toBe('older');
    expect(readdirSync(folder)).toEqual(['x.svg']);
  });

  test('keeps the permissions of the file it replaces', async () => {
    const file = join(workFolder(), 'x.svg');
    writeFileSync(file, 'older');
    chmodSync(file, 0o600);
    await openOutput(file, world()).write(['new']);
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('text and bytes arrive in order; the size is told', async () => {
    const file = join(workFolder(), 'x');
    const size = await openOutput(file, world()).write(['ä', Buffer.from([1, 2]), 'b'.repeat(100_000), '']);
    expect(readFileSync(file)).toEqual(
      Buffer.concat([Buffer.from('ä'), Buffer.from([1, 2]), Buffer.alloc(100_000, 'b')]),
    );
    expect(size).toBe(100_004);
  });

  test('is refused before anything is recorded where it cannot be', () => {
    const folder = workFolder();
    mkdirSync(join(folder, 'd'));
    writeFileSync(join(folder, 'f'), '');
    expect(() => openOutput(join(folder, 'd'), world())).toThrow('it is a folder');
    expect(() => openOutput(join(folder, 'no/x'), world())).toThrow('does not exist');
    expect(() => openOutput(join(folder, 'f/x'), world())).toThrow('does not exist');
  });
});

test('a slow reader of standard output gets every byte', async () => {
  const stdout = new PassThrough({ highWaterMark: 10 });
  const written = openOutput('-', world(stdout)).write(Array.from({ length: 300 }, (_, i) => `${i} `.repeat(500)));
  let read = 0;
  for (let size = 0; ; ) {
    await new Promise((done) => setTimeout(done, 1));
    const chunk = stdout.read() as Buffer | null;
    if (chunk !== null) read += chunk.length;
    size = await Promise.race([written, Promise.resolve(0)]);
    if (size > 0 && chunk === null) {
      expect(read).toBe(size);
      expect(stdout.listenerCount('error')).toBe(0);
      return;
    }
  }
});

test('a reader that goes away ends the writing quietly', async () => {
  const stdout = new PassThrough({ highWaterMark: 10 });
  const written = openOutput('-', world(stdout)).write(['a'.repeat(100_000), 'b'.repeat(100_000)]);
  stdout.destroy(Object.assign(new Error('gone'), { code: 'EPIPE' }));
  await expect(written).resolves.toBeGreaterThan(0);
});
