import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { UserError } from '../../../src/errors.ts';
import { openInput, readBytes } from '../../../src/formats/input.ts';
import { readProfile } from '../../../src/formats/registry.ts';
import { workFolder } from '../../e2e/run-cli.ts';

const plain = readFileSync('fixtures/folded/threads.folded');
const zipped = readFileSync('fixtures/folded/threads.folded.zst');

async function inflate(bytes: Uint8Array, maxBytes?: number): Promise<string> {
  const file = join(workFolder(), 'x');
  writeFileSync(file, bytes);
  const input = await openInput(file, maxBytes === undefined ? {} : { maxBytes });
  return Buffer.from(await readBytes(input)).toString();
}

test('zstd input is read like the plain file', async () => {
  expect(await inflate(zipped)).toBe(plain.toString());
  const profile = await readProfile('fixtures/folded/threads.folded.zst');
  expect({ ...profile.samples }).toEqual({ ...(await readProfile('fixtures/folded/threads.folded')).samples });
});

test('several frames one after the other are one input', async () => {
  expect(await inflate(Buffer.concat([zipped, zipped]))).toBe(plain.toString().repeat(2));
});

test('cut at any byte it is a clear error, or all of what was there', async () => {
  for (let end = 4; end < zipped.length; end++) {
    const result = await inflate(zipped.subarray(0, end)).catch((error: unknown) => error);
    if (typeof result === 'string') expect(plain.toString().startsWith(result)).toBe(true);
    else expect((result as UserError).message).toMatch(/: the zstd data (ends too early|is broken)$|is empty$/);
  }
});

test('a bomb is refused', async () => {
  // One frame of RLE blocks: 3 bytes of header and 1 of content give 128 KiB each (RFC 8878, 3.1.1.2.2).
  const blocks = Array.from({ length: 64 }, (_, i) => [((1 << 17) << 3) | 2 | (i === 63 ? 1 : 0)]).flatMap(
    ([header]) => [header! & 255, (header! >> 8) & 255, (header! >> 16) & 255, 0x61],
  );
  const bomb = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38, ...blocks]);
  await expect(inflate(bomb, 1_000_000)).rejects.toThrow(/inflates to more than 1000000 bytes/);
  expect(await inflate(bomb)).toBe('a'.repeat(64 << 17));
});
