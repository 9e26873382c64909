import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runnable } from '../../../src/bench/files/bundle.ts';
import { benchFiles } from '../../../src/bench/files/discover.ts';

let folder: string;
const place = (number: number) => ({ folder: join(folder, 'out'), number, cwd: folder });
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pforge-bundle-'));
  for (const name of ['src', 'bench/deep', 'node_modules/esm', 'node_modules/cjs', 'node_modules/esm/bench']) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  write('node_modules/esm/package.json', '{"name":"esm","type":"module","exports":{"import":"./index.js"}}');
  write('node_modules/esm/index.js', 'export const where = import.meta.url;');
  write('node_modules/esm/bench/not.bench.js', '');
  write('node_modules/cjs/package.json', '{"name":"cjs"}');
  write('node_modules/cjs/index.js', 'module.exports = { where: __filename };');
  write('src/value.ts', 'export enum Value { One = 1 }\nexport const here: string = import.meta.dirname + __filename;');
  write(
    'bench/a.bench.ts',
    `import { createRequire } from 'node:module';
import { where as esm } from 'esm';
import cjs from 'cjs';
import { here, Value } from '../src/value';
const require = createRequire(import.meta.url);
export const result = { esm, cjs: cjs.where, required: require('cjs').where, here, value: Value.One, url: import.meta.url };
`,
  );
  write('bench/deep/b.bench.mjs', 'export const result = 1;');
  write('bench/other.ts', '');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('files are found by their names, in order, and never in node_modules', () => {
  const found = [join(folder, 'bench/a.bench.ts'), join(folder, 'bench/deep/b.bench.mjs')];
  expect(benchFiles([], folder)).toEqual(found);
  expect(benchFiles(['.'], folder)).toEqual(found);
  expect(benchFiles(['bench/other.ts'], folder)).toEqual([join(folder, 'bench/other.ts')]);
  expect(() => benchFiles(['src'], folder)).toThrow('no benchmarks in');
  expect(() => benchFiles(['nowhere'], folder)).toThrow('there is no file or folder nowhere');
});

test('TypeScript is bundled: packages are imported from where they are, files know where they were written', async () => {
  const url = await runnable(join(folder, 'bench/a.bench.ts'), place(0));
  expect(url).toBe(pathToFileURL(join(folder, 'out/0-a.bench.mjs')).href);
  const { result } = (await import(/* @vite-ignore */ url)) as { result: Record<string, unknown> };
  expect(result).toEqual({
    esm: pathToFileURL(join(folder, 'node_modules/esm/index.js')).href,
    cjs: join(folder, 'node_modules/cjs/index.js'),
    required: join(folder, 'node_modules/cjs/index.js'),
    here: join(folder, 'src') + join(folder, 'src/value.ts'),
    value: 1,
    url: pathToFileURL(join(folder, 'bench/a.bench.ts')).href,
  });
});

test('JavaScript that needs nothing of ours is run as it is', async () => {
  const file = join(folder, 'bench/deep/b.bench.mjs');
  expect(await runnable(file, place(0))).toBe(pathToFileURL(file).href);
});

test('a mistake is told with its place', async () => {
  const file = join(folder, 'wrong.ts');
  writeFileSync(file, 'const x = ;\n');
  await expect(runnable(file, place(1))).rejects.toThrow(/wrong\.ts:1:11: Unexpected ";"/);
  writeFileSync(file, "import './nothing.ts';\n");
  await expect(runnable(file, place(1))).rejects.toThrow(/wrong\.ts:1:8: Could not resolve/);
});
