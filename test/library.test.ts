import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { root, workFolder } from './e2e/run-cli.ts';

test('the library compares two profiles, as the README shows', () => {
  const folder = workFolder();
  writeFileSync(join(folder, 'a.folded'), 'main;parse 300\nmain;render 700\n');
  writeFileSync(join(folder, 'b.folded'), 'main;parse 900\nmain;render 700\n');
  const script = `
    import { diffProfiles, diffText, readProfile, renderDiffSvg } from 'pforge-prof';
    const [before, after] = await Promise.all(['a', 'b'].map((name) => readProfile(${JSON.stringify(folder)} + '/' + name + '.folded')));
    const comparison = diffProfiles(before, after);
    console.log(comparison.before.total, comparison.after.total, diffProfiles([before, before], [after, after]).after.runs);
    console.log(/ parse$/m.test(diffText(comparison)), renderDiffSvg(comparison).endsWith('</svg>\\n'));
  `;
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(printed).toBe('1000 1600 2\ntrue true\n');
});

test('the package is a library: read, look, draw, as the README shows', () => {
  const folder = workFolder();
  writeFileSync(join(folder, 'x.folded'), 'main;parse 30\nmain;render 70\n');
  const script = `
    import { readProfile, renderFlameHtml, renderFlameSvg, top } from 'pforge-prof';
    const profile = await readProfile(${JSON.stringify(join(folder, 'x.folded'))});
    console.log(JSON.stringify(top(profile).map(({ name, self, total }) => [name, self, total])));
    console.log(renderFlameSvg(profile, { title: 'before' }).includes('before'));
    console.log(renderFlameHtml(profile, { title: 'after' }).includes('<title>after</title>'));
  `;
  // A package may import itself by its name.
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(printed).toBe('[["render",70,70],["parse",30,30],["main",0,100]]\ntrue\ntrue\n');
});

test('what the library loads at once stands in a few files, and large readers in others', () => {
  const loaded = new Set<string>();
  const load = (file: string) => {
    if (loaded.has(file)) return;
    loaded.add(file);
    const imports = readFileSync(file, 'utf8').matchAll(/(?:^|[;}])import(?:[\w{},$ ]* ?from)?"(\.[^"]+)"/gm);
    for (const [, path] of imports) load(join(dirname(file), path!));
  };
  load(join(root, 'dist/index.js'));
  expect(loaded.size).toBeGreaterThan(1);
  expect(loaded.size).toBeLessThanOrEqual(4);
  const parts = readdirSync(join(root, 'dist/library'));
  expect(parts.some((name) => name.startsWith('read-pprof-'))).toBe(true);
  expect([...loaded].some((file) => basename(file).startsWith('read-'))).toBe(false);
});

test('the package declares what benchmark files import, with types', () => {
  const folder = workFolder();
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/pforge-prof'));
  writeFileSync(
    join(folder, 'a.ts'),
    `import { bench, blackBox, group } from 'pforge-prof/bench';
group('g', { sampleSize: 50 }, () => {
  bench('plain', () => blackBox(1) + 1);
  bench('with', { params: [1, 2], before: async (n) => ({ n }), setup: (state) => String(state.n), throughput: (n) => ({ bytes: n }) },
    (text) => text.length);
  // @ts-expect-error what setup makes is no number
  bench('wrong', { setup: () => 'text' }, (n: number) => n);
});
`,
  );
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const words = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--types', '', 'a.ts'];
  expect(execFileSync(process.execPath, [tsc, ...words], { cwd: folder, encoding: 'utf8' })).toBe('');
  const script = `
    import { bench } from 'pforge-prof/bench';
    import { createRequire } from 'node:module';
    bench('a', () => 1);
    createRequire(import.meta.url)('pforge-prof/bench').bench('b', () => 2);
    console.log(globalThis[Symbol.for('pforge-prof.bench.1')].definitions.map(({ name }) => name).join());
  `;
  writeFileSync(join(folder, 'b.mjs'), script);
  expect(execFileSync(process.execPath, ['b.mjs'], { cwd: folder, encoding: 'utf8' })).toBe('a,b\n');
});
