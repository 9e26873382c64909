import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inputOf, openInput, readBytes } from '../../src/formats/input.ts';
import { refusal } from './harness.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pforge-prof-test-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function makePipe(path: string): void {
  execFileSync('sh', ['-c', 'mkfifo "$0"', path]);
}

async function contentOf(path: string, stdin?: Readable): Promise<string> {
  const input = await openInput(path, stdin ? { stdin } : {});
  return Buffer.from(await readBytes(input)).toString();
}

describe('what can be read', () => {
  const long = 'main;parse 12\n'.repeat(60_000);

  test.each(['x', 'a'.repeat(4095), 'a'.repeat(4096), 'a'.repeat(4097), long])(
    'a file, whole and its head',
    async (text) => {
      const path = file('plain', text);
      const input = await openInput(path);
      expect(Buffer.from(input.head).toString()).toBe(text.slice(0, 4096));
      expect(Buffer.from(await readBytes(input)).toString()).toBe(text);
      expect(input.path).toBe(path);
      expect(input.name).toBe(path);
    },
  );

  test('gzip, also of several members', async () => {
    expect(await contentOf(file('one.gz', gzipSync(long)))).toBe(long);
    const two = Buffer.concat([gzipSync('a;b 1\n'), gzipSync('a;c 2\n')]);
    expect(await contentOf(file('two', two))).toBe('a;b 1\na;c 2\n');
    expect((await openInput(join(folder, 'one.gz'))).path).toBeUndefined();
  });

  test('standard input in pieces of any size, plain or gzip', async () => {
    const pieces = (bytes: Uint8Array) => Readable.from(Array.from(bytes, (byte) => Buffer.of(byte)));
    expect(await contentOf('-', pieces(Buffer.from('a;b 1\n')))).toBe('a;b 1\n');
    expect(await contentOf('-', pieces(gzipSync('a;b 1\n')))).toBe('a;b 1\n');
    const decoded = Readable.from([Buffer.from(long)]).setEncoding('utf8');
    expect(await contentOf('-', decoded)).toBe(long);
    const input = await openInput('-', { stdin: Readable.from([Buffer.from('x')]) });
    expect(input.name).toBe('standard input');
  });

  test('a pipe that is open already, as bash passes <(command)', async () => {
    const path = join(folder, 'open-pipe');
    makePipe(path);
    const writer = openSync(path, 'r+');
    const reader = openSync(path, 'r');
    const text = 'main;parse 12\n'.repeat(400);
    writeSync(writer, text);
    const input = await openInput(`/proc/self/fd/${reader}`);
    closeSync(writer);
    expect(Buffer.from(await readBytes(input)).toString()).toBe(text);
    expect(input.path).toBeUndefined();
    closeSync(reader);
  });
});

describe('what is refused with one clear line', () => {
  test('a file that is not there', async () => {
    expect(await refusal(openInput(join(folder, 'none')))).toBe(`cannot read ${folder}/none: no such file`);
    expect(await refusal(openInput(join(file('plain', 'x'), 'below')))).toContain('no such file');
    expect(await refusal(openInput('a\0b'))).toBe('cannot read a\\0b: the name holds a NUL character');
    expect(await refusal(openInput(`/${'n'.repeat(300)}`))).toContain('the name is too long');
  });

  test('a folder', async () => {
    const path = join(folder, 'folder');
    mkdirSync(path);
    expect(await refusal(openInput(path))).toBe(`cannot read ${path}: it is a directory: name a file in it`);
  });

  test.runIf(process.getuid?.() !== 0)('a file that we may not read', async () => {
    const path = file('secret', 'x');
    chmodSync(path, 0);
    expect(await refusal(openInput(path))).toBe(`cannot read ${path}: permission denied`);
  });

  test('a named pipe without a writer and devices, at once', async () => {
    const path = join(folder, 'pipe');
    makePipe(path);
    expect(await refusal(openInput(path))).toBe(
      `cannot read ${path}: it is a named pipe: pass \`-\` and redirect it to standard input`,
    );
    expect(await refusal(openInput('/dev/zero'))).toContain('it is a device');
  });

  test('nothing', async () => {
    const path = file('empty', '');
    expect(await refusal(openInput(path))).toBe(`${path} is empty`);
    expect(await refusal(openInput('-', { stdin: Readable.from([]) }))).toBe('standard input is empty');
    expect(await refusal(openInput(file('empty.gz', gzipSync(''))))).toContain('is empty');
  });

  test('gzip that is cut or broken, wherever', async () => {
    const text = Array.from({ length: 20_000 }, (_, i) => `main;f${(i * 7919) % 10_007} 1\n`).join('');
    const zipped = gzipSync(text);
    for (const end of [2, 5, 20, 1000, zipped.length - 1]) {
      const reading = openInput(file('cut.gz', zipped.subarray(0, end))).then(readBytes);
      expect(await refusal(reading)).toContain('the gzip data ends too early');
    }
    const broken = Buffer.from(zipped);
    broken.fill(0x55, 2000, 2100);
    expect(await refusal(openInput(file('bad.gz', broken)).then(readBytes))).toContain('the gzip data is broken');
  });

  test('a gzip bomb, but not a large file that is merely compressible', async () => {
    const bomb = file('bomb.gz', gzipSync(Buffer.alloc(8 * 1024 * 1024, 'a;b 1\n')));
    const message = await refusal(openInput(bomb, { maxBytes: 1024 * 1024 }).then(readBytes));
    expect(message).toContain('inflates to more than 1048576 bytes, over 200 times its size');
    const text = Array.from({ length: 100_000 }, (_, i) => `main;f${(i * 7919) % 10_007} 1\n`).join('');
    const honest = await openInput(file('large.gz', gzipSync(text)), { maxBytes: 1024 });
    expect((await readBytes(honest)).length).toBe(text.length);
  });
});

test('an input in memory gives its bytes in chunks of the asked size', async () => {
  const sizes: number[] = [];
  for await (const chunk of inputOf('abcdefgh', 'x', 3).chunks()) sizes.push(chunk.length);
  expect(sizes).toEqual([3, 3, 2]);
  expect(Buffer.from(await readBytes(inputOf('', 'x'))).length).toBe(0);
});
