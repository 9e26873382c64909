import { closeSync, fstatSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readAhead, readFileInto } from '../../../src/formats/input/read-ahead.ts';
import { openInput } from '../../../src/formats/input.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pforge-prof-test-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Bytes that are other ones in each piece, whatever its size. */
function bytesOf(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let i = 0; i < length; i++) bytes[i] = Math.imul(i, 0x9e3779b1) >>> 24;
  return bytes;
}

describe('a file that is read ahead', () => {
  test.each([0, 1, 99, 100, 101, 200, 1234])('comes whole and in order: %i bytes', async (length) => {
    const bytes = bytesOf(length);
    const path = join(folder, `of-${length}`);
    writeFileSync(path, bytes);
    const file = openSync(path, 'r');
    const pieces: Buffer[] = [];
    await readAhead(file, (piece) => pieces.push(Buffer.from(piece)), 100);
    closeSync(file);
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
    expect(pieces.every((piece) => piece.length > 0)).toBe(true);
  });

  test('is let go before whoever gave up goes on', async () => {
    const path = join(folder, 'given-up');
    writeFileSync(path, bytesOf(1000));
    const file = openSync(path, 'r');
    const reading = readAhead(
      file,
      () => {
        throw new Error('enough');
      },
      100,
    );
    await expect(reading).rejects.toThrow('enough');
    expect(fstatSync(file).size).toBe(1000);
    closeSync(file);
  });

  test('that cannot be read says why', async () => {
    const file = openSync(folder, 'r');
    await expect(readAhead(file, () => {})).rejects.toMatchObject({ code: 'EISDIR' });
    closeSync(file);
  });

  test.each([true, false])(
    'is what `readInto` gives of a large one, however little room there is, and without: %s',
    async (ahead) => {
      const bytes = bytesOf((8 << 20) + 12_345);
      const path = join(folder, `large-${ahead}`);
      writeFileSync(path, bytes);
      const input = await openInput(path);
      const whole = Buffer.alloc(bytes.length + 1000);
      let filled = 0;
      await input.readInto(
        () => whole.subarray(filled, filled + 777_777),
        (length) => {
          filled += length;
        },
        ahead,
      );
      expect(filled).toBe(bytes.length);
      expect(whole.subarray(0, filled).equals(bytes)).toBe(true);
    },
  );
});

describe('a file that is read into given memory', () => {
  test.each([0, 1, 1 << 20, (1 << 20) + 1, 3_000_000])('is there whole: %i bytes', async (length) => {
    const bytes = bytesOf(length);
    const path = join(folder, `into-${length}`);
    writeFileSync(path, bytes);
    let into = Buffer.alloc(0);
    const grown: number[] = [];
    const place = (wanted: number) => {
      into = Buffer.alloc(wanted);
      return into;
    };
    expect(await readFileInto(path, place, (there) => grown.push(there))).toBe(true);
    expect(into.equals(bytes)).toBe(true);
    const pieces = Math.ceil(length / (1 << 20));
    expect(grown).toEqual(Array.from({ length: pieces }, (_, i) => i << 20));
  });

  test('is left to others where there is no memory, or less of it than it said, or nothing to read', async () => {
    const path = join(folder, 'shorter');
    writeFileSync(path, bytesOf(1000));
    expect(
      await readFileInto(
        path,
        () => undefined,
        () => expect.unreachable(),
      ),
    ).toBe(false);
    expect(await readFileInto(join(folder, 'none'), Buffer.alloc, () => expect.unreachable())).toBe(false);
    expect(await readFileInto(folder, Buffer.alloc, () => {})).toBe(false);
    const shortened = (length: number) => {
      truncateSync(path, 10);
      return Buffer.alloc(length);
    };
    expect(await readFileInto(path, shortened, () => {})).toBe(false);
  });

  test('is let go by whoever gives up', async () => {
    const path = join(folder, 'given-up-into');
    writeFileSync(path, bytesOf(1000));
    const giveUp = () => {
      throw new Error('enough');
    };
    await expect(readFileInto(path, Buffer.alloc, giveUp)).rejects.toThrow('enough');
  });
});
