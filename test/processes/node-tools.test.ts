import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findNodeTool } from '../../src/processes/node-tools.ts';

let root: string;
const path = process.env.PATH;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'pforge-prof-tools-')));
});
afterEach(() => {
  process.env.PATH = path;
  rmSync(root, { recursive: true });
});

/** A package `tool` below a folder, with a command of that name. */
function install(folder: string, version: string, command: 'link' | 'script'): string {
  const home = join(folder, 'node_modules/tool');
  mkdirSync(join(home, 'bin'), { recursive: true });
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
  writeFileSync(join(home, 'package.json'), JSON.stringify({ name: 'tool', version }));
  writeFileSync(join(home, 'bin/cli.js'), '#!/usr/bin/env node\n', { mode: 0o755 });
  const bin = join(folder, 'node_modules/.bin/tool');
  if (command === 'link') symlinkSync('../tool/bin/cli.js', bin);
  else writeFileSync(bin, '#!/bin/sh\n', { mode: 0o755 });
  return home;
}

test('the nearest node_modules is taken, then PATH', () => {
  const outer = install(root, '1.0.0', 'link');
  mkdirSync(join(root, 'a/b'), { recursive: true });
  expect(findNodeTool('tool', join(root, 'a/b'))).toMatchObject({ folder: outer, version: '1.0.0' });
  const inner = install(join(root, 'a'), '2.0.0', 'link');
  expect(findNodeTool('tool', join(root, 'a/b'))).toMatchObject({ folder: inner, version: '2.0.0' });
  process.env.PATH = join(root, 'a/node_modules/.bin');
  expect(findNodeTool('tool', '/')).toMatchObject({ folder: inner });
});

test('a command that is a script beside its package', () => {
  const folder = install(root, '3.0.0', 'script');
  expect(findNodeTool('tool', root)).toMatchObject({ folder, version: '3.0.0' });
});

test('a command of something else has no package; none at all is told', () => {
  mkdirSync(join(root, 'bin'));
  writeFileSync(join(root, 'bin/tool'), '#!/bin/sh\n', { mode: 0o755 });
  process.env.PATH = join(root, 'bin');
  expect(findNodeTool('tool', '/')).toEqual({ path: join(root, 'bin/tool'), folder: undefined, version: '' });
  expect(findNodeTool('no-such-tool', root)).toBe(undefined);
});
