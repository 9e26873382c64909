import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findTool, programKind, resolveProgram } from '../../src/processes/executables.ts';

const folder = mkdtempSync(join(tmpdir(), 'pforge-executables-'));

function program(name: string, text: string, mode = 0o755): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

program('tool', '#!/bin/sh\n');

describe('findTool', () => {
  test('searches absolute entries of PATH', () => {
    expect(findTool('tool', `/nowhere:${folder}`)).toBe(join(folder, 'tool'));
  });

  test.each(['', '.', ':', './bin:.', 'relative/folder'])('never a relative entry: %j', (path) => {
    expect(findTool('package.json', path)).toBe(undefined);
  });

  test('not a folder of that name', () => {
    mkdirSync(join(folder, 'perf'));
    expect(findTool('perf', folder)).toBe(undefined);
  });
});

describe('resolveProgram', () => {
  test('a name is searched on PATH, a path is taken as it is', () => {
    expect(resolveProgram('tool', folder)).toBe(join(folder, 'tool'));
    expect(resolveProgram(join(folder, 'tool'), '')).toBe(join(folder, 'tool'));
  });

  test('an entry that may not be run is passed over for one that may', () => {
    const first = join(folder, 'first');
    mkdirSync(first);
    writeFileSync(join(first, 'tool'), '');
    expect(resolveProgram('tool', `${first}:${folder}`)).toBe(join(folder, 'tool'));
  });
});

describe('programKind', () => {
  test('node, under any name that leads to it', () => {
    symlinkSync(process.execPath, join(folder, 'nodejs'));
    expect(programKind(process.execPath)).toBe('node');
    expect(programKind(join(folder, 'nodejs'))).toBe('node');
  });

  test.each([
    ['#!/usr/bin/env node\n', 'node-script'],
    ['#!/usr/bin/env -S node --flag\n', 'node-script'],
    ['#!/usr/local/bin/node\n', 'node-script'],
    ['#!/bin/sh\nnode x\n', 'script'],
    ['#!/usr/bin/python3\n', 'script'],
    ['#!/opt/nodeish/run\n', 'script'],
    ['\u007fELF', 'native'],
    ['', 'native'],
  ])('%j is %s', (text, kind) => {
    expect(programKind(program('some', text))).toBe(kind);
  });

  test('a shell may start node', () => {
    expect(programKind('/bin/sh')).toBe('script');
  });
});
