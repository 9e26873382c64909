import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.ts';
import { openInput } from '../../../src/formats/input.ts';
import { findTool } from '../../../src/processes/executables.ts';
import { requireTool } from '../../require-tool.ts';
import { FIXTURES } from '../harness.ts';
import { inOtherByteOrder } from './other-byte-order.ts';
import { linesOf, perfScriptLines } from './perf-script-oracle.ts';
import { type Read, readAll } from './read-all.ts';

const perf = requireTool('perf', findTool('perf') !== undefined);
const folder = join(FIXTURES, 'perf-data');
const names = readdirSync(folder).filter((name) => name.endsWith('.gz'));

/** All that a recording gives, for people to review. */
function described(read: Read): string {
  const { host: _host, buildIds, events, littleEndian, pointerSize, clockId, ...facts } = read.info;
  return [
    ...events.map(
      (event) => `event ${JSON.stringify(event, ['name', 'frequency', 'period', 'callchain', 'stackUser'])}`,
    ),
    `info ${JSON.stringify({ ...facts, littleEndian, pointerSize, clockId }, (key, value) => (key === 'known' ? undefined : value))}`,
    ...[...buildIds].map(([path, id]) => `build-id ${id} ${path}`),
    ...read.notes.map((note) => `note ${note}`),
    '',
    ...linesOf(read),
    '',
  ].join('\n');
}

test.each(['threads', 'shell'])('%s is the same from a machine of the other byte order', async (name) => {
  const bytes = gunzipSync(readFileSync(join(folder, `${name}.data.gz`)));
  const turned = inOtherByteOrder(bytes);
  expect(turned.subarray(0, 8).toString()).toBe('2ELIFREP');
  const golden = described(await readAll(bytes));
  const otherOrder = (text: string): string => text.replace('"littleEndian":false', '"littleEndian":true');
  expect(otherOrder(described(await readAll(turned)))).toBe(golden);
  expect(otherOrder(described(await readAll(turned, 7)))).toBe(golden);
  if (perf) {
    const file = join(mkdtempSync(join(tmpdir(), 'pforge-prof-test-')), 'data');
    try {
      writeFileSync(file, turned);
      expect(linesOf(await readAll(await openInput(file)))).toEqual(perfScriptLines(file));
    } finally {
      rmSync(dirname(file), { recursive: true });
    }
  }
});

test('a recording that is gone when its parts are looked for', async () => {
  const work = mkdtempSync(join(tmpdir(), 'pforge-prof-test-'));
  const file = join(work, 'data');
  writeFileSync(file, gunzipSync(readFileSync(join(folder, 'threads.data.gz'))));
  const input = await openInput(file);
  rmSync(work, { recursive: true });
  await expect(readAll(input)).rejects.toMatchObject({ message: `cannot read ${file}: no such file`, exitCode: 2 });
});

describe.each(names)('%s', (name) => {
  const path = join(folder, name);
  const bytes = gunzipSync(readFileSync(path));

  test('gives the golden samples, packed, as a file and in tiny chunks', async () => {
    const work = mkdtempSync(join(tmpdir(), 'pforge-prof-test-'));
    try {
      const file = join(work, 'data');
      writeFileSync(file, bytes);
      const golden = described(await readAll(await openInput(file)));
      await expect(golden).toMatchFileSnapshot(`${path.slice(0, -'.data.gz'.length)}.golden`);
      expect(described(await readAll(await openInput(path)))).toBe(golden);
      expect(described(await readAll(bytes, 7))).toBe(golden);
      // Stacks that were copied perf script unwinds
      if (perf && !golden.includes('"stackUser":true'))
        expect(linesOf(await readAll(bytes))).toEqual(perfScriptLines(file));
    } finally {
      rmSync(work, { recursive: true });
    }
  });

  test('cut anywhere, it gives no more than the whole, or a clear error', async () => {
    const whole = await readAll(bytes);
    for (let end = 0; end < bytes.length; end += 1 + Math.floor(bytes.length / 200)) {
      try {
        const { samples } = await readAll(bytes.subarray(0, end));
        expect(samples.length).toBeLessThanOrEqual(whole.samples.length);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        expect(error.message).not.toMatch(/\n|undefined|NaN/);
      }
    }
  });
});
