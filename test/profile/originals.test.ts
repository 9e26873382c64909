import { describe, expect, test } from 'vitest';
import { type FunctionPlace, isScriptFile, withOriginals } from '../../src/profile/originals.ts';
import { KINDS } from '../../src/profile/profile.ts';
import { linesOf, profileOf } from './profile-of.ts';

/** Everything stands at 7:8 of one file, under its own name. */
const toOneFile = (file: string) => async (functions: readonly FunctionPlace[]) =>
  functions.map(({ name }) => ({ name, file, line: 7, column: 8 }));

describe('withOriginals', () => {
  test('replaces names and places; what is equal then is one, and no weight is lost', async () => {
    const profile = profileOf`
      main;f /app/a.js:1:2{app,optimized};g /app/b.js:1:5{app} 3
      main;f /app/a.js:1:9{app,optimized};g /app/b.mjs:2:5{app} 4
      main;other /app/c.js:1:2{app} 5
    `;
    const found = await withOriginals(profile, async (functions) =>
      functions.map(({ name, file }) =>
        file.endsWith('c.js') ? undefined : { name: `${name}Long`, file: '/src/x.ts', line: 7, column: 8 },
      ),
    );
    expect(linesOf(found)).toEqual([
      'main;fLong /src/x.ts:7:8;gLong /src/x.ts:7:8 3',
      'main;fLong /src/x.ts:7:8;gLong /src/x.ts:7:8 4',
      'main;other /app/c.js:1:2 5',
    ]);
    expect(found.frames.length).toBe(4);
    expect(found.stacks.length).toBe(4);
    expect(profile.strings).not.toContain('fLong');
  });

  test('the kind of code follows the new file, where it was that of a file', async () => {
    const profile = profileOf`
      a /app/bundle.js:1:2{app} 1
      b /app/bundle.js:1:3{jit} 1
    `;
    for (const [file, kind] of [
      ['/app/node_modules/p/index.ts', 'dependency'],
      ['webpack://app/node_modules/p/a.js', 'dependency'],
      ['webpack://app/src/a.ts', 'app'],
    ] as const) {
      const { frames } = await withOriginals(profile, toOneFile(file));
      expect(Array.from(frames.kind, (index) => KINDS[index])).toEqual([kind, 'jit']);
    }
  });

  test('asks once, about functions of scripts with a position, and not about those without a sample', async () => {
    const asked: FunctionPlace[] = [];
    const profile = profileOf`
      a /app/a.js:1:2;b /app/b.cjs:3 1
      main;c /app/c.ts:1:2;d node:fs:1:2;e a.js:1:2;f https://x/a.js:1:2 1
      unseen /app/unseen.js:1:2 1
    `;
    const { stack, values } = profile.samples;
    const seen = { ...profile.samples, length: 2, stack: stack.slice(0, 2), values: values.map((v) => v.slice(0, 2)) };
    await withOriginals({ ...profile, samples: seen }, async (functions) => {
      asked.push(...functions);
      return functions.map(() => undefined);
    });
    expect(asked).toEqual([
      { name: 'a', file: '/app/a.js', line: 1, column: 2 },
      { name: 'b', file: '/app/b.cjs', line: 3, column: 0 },
    ]);
  });

  test('a profile without scripts is the same, and nobody is asked', async () => {
    const profile = profileOf`main;parse 3`;
    const never = () => Promise.reject(new Error('asked'));
    expect(await withOriginals(profile, never)).toBe(profile);
  });
});

test('scripts are JavaScript files on a disk', () => {
  for (const file of ['/a.js', '/a b/c.mjs', '/x.cjs', '/x.jsx', 'file:///a.js']) expect(isScriptFile(file)).toBe(true);
  for (const file of ['', 'a.js', '/a.ts', 'node:fs', 'https://x/a.js', '/a.json', 'file://host/a.js']) {
    expect(isScriptFile(file)).toBe(false);
  }
});
