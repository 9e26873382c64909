import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findTool } from '../../src/processes/executables.ts';
import { hasFramePointers } from '../../src/symbols/frame-pointers.ts';
import { requireTool } from '../require-tool.ts';

const gcc = requireTool('gcc', findTool('gcc') !== undefined);
const folder = mkdtempSync(join(tmpdir(), 'pforge-pointers-'));

describe.skipIf(!gcc || process.arch !== 'x64')('frame pointers of a program', () => {
  const compile = (...flags: string[]): string => {
    const program = join(folder, `p${flags.join('')}`);
    execFileSync('gcc', [...flags, 'examples/primes.c', '-o', program]);
    return program;
  };

  test('built with them', () => {
    expect(hasFramePointers(compile('-O2', '-fno-omit-frame-pointer'))).toBe(true);
    expect(hasFramePointers(compile('-O0'))).toBe(true);
  });

  test('built without them', () => {
    expect(hasFramePointers(compile('-O2', '-fomit-frame-pointer'))).toBe(false);
  });

  test('node has them', () => {
    expect(hasFramePointers(process.execPath)).toBe(true);
  });

  test('a file cut anywhere never throws', () => {
    const whole = readFileSync(compile('-O2', '-fomit-frame-pointer'));
    const file = join(folder, 'cut');
    for (let length = 0; length < whole.length; length += 97) {
      writeFileSync(file, whole.subarray(0, length));
      expect([true, false, undefined]).toContain(hasFramePointers(file));
    }
  });
});

test('what is no program is not judged', () => {
  expect(hasFramePointers('package.json')).toBe(undefined);
  expect(hasFramePointers(join(folder, 'missing'))).toBe(undefined);
});
