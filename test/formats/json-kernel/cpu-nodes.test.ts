import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cpuprofile } from '../../../src/formats/cpuprofile.ts';
import { Notes } from '../../../src/formats/format.ts';
import { inputOf } from '../../../src/formats/input.ts';
import { bin, workFolder } from '../../e2e/run-cli.ts';
import { expectSame, outcome } from './outcome.ts';

const NAMES = [
  'f',
  '',
  '(anonymous)',
  'ein "Zitat" \\ und é',
  'a'.repeat(15),
  'b'.repeat(16),
  'c'.repeat(90),
  '(idle)',
];

/** A node as V8 writes it. */
function node(id: number, children: readonly number[], pick: (most: number) => number): object {
  const name = NAMES[pick(NAMES.length - 1)]!;
  const native = pick(9) === 0;
  return {
    id,
    callFrame: {
      functionName: name,
      scriptId: String(pick(1200)),
      url: native ? '' : `file:///srv/app/lib/part-${pick(3)}/${pick(3) === 0 ? 'é' : 'e'}.js`,
      lineNumber: native ? -1 : pick(2000),
      columnNumber: native ? -1 : pick(100),
    },
    hitCount: pick(3),
    ...(children.length > 0 ? { children } : {}),
    ...(pick(4) === 0
      ? {
          positionTicks: [
            { line: 1 + pick(50), ticks: 1 },
            { line: 1 + pick(50), ticks: 2 },
          ],
        }
      : {}),
  };
}

/** A call tree of many nodes in V8's order, with samples. */
function text(size: number, pick: (most: number) => number): string {
  const children: number[][] = Array.from({ length: size + 1 }, () => []);
  for (let id = 2; id <= size; id++) children[Math.max(1, id - 1 - pick(20))]!.push(id);
  const root = { functionName: '(root)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 };
  const nodes = [
    { id: 1, callFrame: root, hitCount: 0, children: children[1] },
    ...Array.from({ length: size - 1 }, (_, i) => node(i + 2, children[i + 2]!, pick)),
  ];
  const samples = Array.from({ length: 2000 }, () => 1 + pick(size - 1));
  const timeDeltas = samples.map(() => 90 + pick(60));
  return JSON.stringify({ nodes, startTime: 5, endTime: 900_000, samples, timeDeltas });
}

/** Numbers that look like chance and are always the same. */
function picker(seed: number): (most: number) => number {
  let state = seed + 1;
  return (most) => {
    state = (Math.imul(state, 48271) >>> 0) % 0x7fffffff;
    return state % (most + 1);
  };
}

/** In chunks too small for the kernel, or all at once. */
const read = async (file: string | Uint8Array, chunk?: number) => {
  const notes = new Notes();
  const found = await outcome(cpuprofile.read(inputOf(file, 'x', chunk), notes));
  return { found, notes: notes.list };
};

describe('nodes read by the kernel and without it', () => {
  test('are the same', async () => {
    for (let seed = 0; seed < 4; seed++) {
      const file = text(1500, picker(seed));
      const whole = await read(file);
      expect(whole.found).not.toHaveProperty('refused');
      expectSame(whole, await read(file, 3000));
    }
  });

  test('are the same where there are more functions than the kernel has room for', async () => {
    const file = text(50_000, picker(5));
    expectSame(await read(file), await read(file, 3000));
  });

  test('are the same, or refused alike, with a byte changed, wherever', async () => {
    const file = Buffer.from(text(250, picker(99)));
    await fc.assert(
      fc.asyncProperty(
        fc.nat(file.length - 1),
        fc.oneof(fc.constantFrom(...Buffer.from('0-,.:]}{"\\x \n')), fc.nat(255)),
        async (at, byte) => {
          const changed = Buffer.from(file);
          changed[at] = byte;
          expectSame(await read(changed), await read(changed, 3000));
        },
      ),
      { numRuns: 80 },
    );
  });

  test('are refused alike where the file is cut', async () => {
    const file = text(250, picker(7));
    await fc.assert(
      fc.asyncProperty(fc.nat(file.length - 1), async (length) => {
        const whole = await read(file.slice(0, length));
        expect(whole.found).toHaveProperty('refused');
        expectSame(whole, await read(file.slice(0, length), 3000));
      }),
      { numRuns: 25 },
    );
  });

  test('are the same where some nodes have keys of their own, spaces, or stand twice in the file', async () => {
    const file = text(400, picker(3));
    for (const other of [
      file.replaceAll('"hitCount":2', '"hitCount":2,"deoptReason":"x"'),
      file.replaceAll('"hitCount":1', '"hitCount": 1'),
      file.replaceAll('},{"id":', '},\n{"id":'),
      file.replaceAll('"id":7', '"id":7.5'),
      `{"nodes":${JSON.stringify(JSON.parse(text(400, picker(4))).nodes)},${file.slice(1)}`,
    ]) {
      expectSame(await read(other), await read(other, 3000));
    }
  });

  test('are the same where node has no WebAssembly', () => {
    const folder = workFolder();
    const path = join(folder, 'x.cpuprofile');
    writeFileSync(path, text(1500, picker(1)));
    const convert = (...flags: string[]) => {
      const output = join(folder, `${flags.length}.folded`);
      execFileSync(process.execPath, [...flags, bin, 'convert', '-q', '-o', output, path], { stdio: 'ignore' });
      return readFileSync(output, 'utf8');
    };
    expect(convert('--jitless')).toBe(convert());
  });
});
