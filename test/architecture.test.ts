import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** Which rooms a room may import; docs/architecture.md draws it. Every room may import itself and src/errors.ts. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  statistics: [],
  profile: ['statistics'],
  preload: [],
  terminal: ['world.ts'],
  processes: [],
  inspector: ['processes'],
  symbols: ['profile', 'cache-folder.ts', 'checksum.ts', 'package-root.ts', 'wasm-module.ts'],
  embedded: ['profile'],
  formats: ['profile', 'heap', 'embedded', 'processes', 'symbols', 'wasm-module.ts'],
  collectors: ['processes', 'inspector', 'symbols', 'profile', 'preload', 'package-root.ts'],
  render: [
    'profile',
    'heap',
    'embedded',
    'terminal',
    'bench',
    'history',
    'load',
    'console',
    'statistics',
    'package-root.ts',
  ],
  heap: ['profile', 'statistics'],
  load: ['profile', 'statistics', 'processes', 'preload', 'package-root.ts'],
  'view-server': [],
  bench: ['profile', 'statistics', 'processes', 'preload', 'package-root.ts'],
  history: ['profile', 'statistics'],
  console: ['statistics', 'processes', 'inspector', 'preload', 'profile', 'symbols', 'package-root.ts'],
  fleet: ['profile', 'formats', 'history', 'load'],
  'bench-api.ts': ['preload'],
  expect: ['history', 'statistics'],
  'expect-api.ts': ['expect'],
  commands: [
    'bench',
    'collectors',
    'console',
    'embedded',
    'fleet',
    'formats',
    'history',
    'heap',
    'inspector',
    'load',
    'processes',
    'profile',
    'render',
    'statistics',
    'symbols',
    'terminal',
    'tune-engine.ts',
    'view-server',
    'output.ts',
    'package-root.ts',
    'world.ts',
  ],
  'cli.ts': ['run-command.ts', 'root-help.ts', 'commands', 'terminal', 'package-root.ts', 'world.ts'],
  'cache-folder.ts': [],
  'code-cache.ts': ['cache-folder.ts', 'checksum.ts'],
  'tune-engine.ts': [],
  'run-command.ts': ['commands', 'terminal', 'world.ts'],
  'root-help.ts': ['commands'],
  'index.ts': ['profile', 'formats', 'render'],
  'output.ts': ['world.ts'],
  'errors.ts': [],
  'plural.ts': [],
  'world.ts': [],
  'package-root.ts': [],
  'wasm-module.ts': ['package-root.ts'],
  'checksum.ts': ['wasm-module.ts'],
};

const FOR_ALL = ['errors.ts', 'plural.ts'];

/** Only this room starts programs; the preload wraps what the profiled program itself starts. */
const MAY_SPAWN = /^(processes|preload)\//;

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return name.endsWith('.ts') ? [path] : [];
  });
}

const files = sources(join(root, 'src'));
const roomOf = (path: string): string => relative(join(root, 'src'), path).split('/')[0]!;
const importsOf = (path: string): string[] =>
  [...readFileSync(path, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1]!);

test('imports go one way, as docs/architecture.md says', () => {
  const wrong: string[] = [];
  for (const file of files) {
    const room = roomOf(file);
    for (const target of importsOf(file)) {
      if (!target.startsWith('.')) continue;
      const other = roomOf(resolve(dirname(file), target));
      const allowed = other === room || FOR_ALL.includes(other) || MAY_IMPORT[room]?.includes(other);
      if (!allowed) wrong.push(`${relative(root, file)} imports ${target}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('every room of src has its rule', () => {
  const rooms = new Set(files.map(roomOf));
  expect([...rooms].filter((room) => MAY_IMPORT[room] === undefined)).toEqual([]);
});

test('only src/processes starts programs', () => {
  const spawning = files
    .filter((file) => importsOf(file).some((target) => target === 'node:child_process' || target === 'execa'))
    .map((file) => relative(join(root, 'src'), file));
  expect(spawning.filter((file) => !MAY_SPAWN.test(file))).toEqual([]);
});

test('no source file is longer than one sitting', () => {
  const long = files
    .map((file) => ({ file: relative(root, file), lines: readFileSync(file, 'utf8').split('\n').length }))
    .filter(({ lines }) => lines > 320);
  expect(long).toEqual([]);
});

test('untrusted text never becomes markup or code', () => {
  const risky = /\.innerHTML|\.outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function\(/;
  expect(files.filter((file) => risky.test(readFileSync(file, 'utf8'))).map((file) => relative(root, file))).toEqual(
    [],
  );
});

test('the lockfile holds no registry addresses', () => {
  expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toMatch(/"resolved":/);
});
