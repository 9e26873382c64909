import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { transformSync } from 'esbuild';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readProfile } from '../../src/formats/registry.ts';
import { withOriginals } from '../../src/profile/originals.ts';
import { SourceMaps } from '../../src/symbols/source-maps.ts';
import { bundled, compiled, FUNCTIONS, profiled, writeProgram } from './typed-program.ts';

const folder = mkdtempSync(join(tmpdir(), 'pforge-maps-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(() => writeProgram(folder));

/** `name file:line` of all functions of a recording that are below the folder, and what was said. */
async function functionsOf(recording: string) {
  const maps = new SourceMaps();
  const { frames, strings } = await withOriginals(await readProfile(recording), maps.find);
  const found = new Set<string>();
  for (let frame = 0; frame < frames.length; frame++) {
    const file = strings[frames.file[frame]!]!;
    if (file.startsWith(folder)) {
      found.add(`${strings[frames.name[frame]!]} ${file.slice(folder.length + 1)}:${frames.line[frame]}`);
    }
  }
  return { found: [...found].sort(), notes: maps.notes() };
}

const all = [...FUNCTIONS].map(([name, place]) => `${name} ${place}`);

describe('recordings of a program in TypeScript show its own names, files and lines', () => {
  test('bundled and minified, the map beside it', async () => {
    const script = bundled(folder, 'min/app.mjs');
    const { found, notes } = await functionsOf(profiled(script));
    expect(found).toEqual(expect.arrayContaining([...all, 'expression app.ts:5', '(anonymous) app.ts:19']));
    // The code of the bundle itself is that of no one file
    const rest = found.filter((text) => !text.includes('.ts:'));
    expect(rest.filter((text) => text !== '(anonymous) min/app.mjs:1')).toEqual([]);
    expect(notes).toEqual([]);
  });

  test('with the map in the script', async () => {
    const { found, notes } = await functionsOf(profiled(bundled(folder, 'inline/app.mjs', { sourcemap: 'inline' })));
    expect(found).toEqual(expect.arrayContaining(all));
    expect(notes).toEqual([]);
  });

  test('compiled by TypeScript, a file each', async () => {
    const { found, notes } = await functionsOf(profiled(compiled(folder, 'tsc')));
    expect(found).toEqual(expect.arrayContaining([...all, 'named app.ts:5', '(anonymous) app.ts:19']));
    expect(found.filter((text) => !text.includes('.ts:'))).toEqual([]);
    expect(notes).toEqual([]);
  });
});

const place = (file: string, column = 10) => ({ name: 's', file, line: 1, column });

/** A script that is one function, minified, and what stands behind it. */
function script(name: string, tail: string): string {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `function s(n){return n}\n${tail}`);
  return file;
}

/** `s` was called `spin`; its parameters start at 3:14 of its source. */
const MAP = { version: 3, sources: ['src/spin.ts'], names: ['spin', 'n'], mappings: 'AAEA,SAASA,CAAI,CAACC' };

async function foundBy(file: string, column?: number) {
  const maps = new SourceMaps();
  const [original] = await maps.find([place(file, column)]);
  return { original, notes: maps.notes() };
}

describe('where a map is looked for', () => {
  const spin = (source: string) => ({ name: 'spin', file: source, line: 3, column: 14 });
  const encoded = encodeURIComponent(JSON.stringify(MAP));
  const base64 = Buffer.from(JSON.stringify(MAP)).toString('base64');
  const found: readonly [string, string][] = [
    ['data: in base64', `//# sourceMappingURL=data:application/json;charset=utf-8;base64,${base64}`],
    ['data: in percent signs', `//# sourceMappingURL=data:application/json,${encoded}`],
    ['the old sign', `//@ sourceMappingURL=data:application/json,${encoded}\n`],
    ['the last of two', `//# sourceMappingURL=none.map\n//# sourceMappingURL=data:,${encoded}\n// end\n`],
    ['long', `//# sourceMappingURL=data:,${encodeURIComponent(' '.repeat(9000))}${encoded}\n`],
    ['guarded', `//# sourceMappingURL=data:,%29%5D%7D%27%0A${encoded}`],
  ];
  test.each(found)('%s', async (name, tail) => {
    const file = script(`found/${name}.js`, tail);
    expect(await foundBy(file, 11)).toEqual({ original: spin(join(folder, 'found/src/spin.ts')), notes: [] });
  });

  test('file: and relative addresses, beside the script or not', async () => {
    mkdirSync(join(folder, 'maps/a b'), { recursive: true });
    writeFileSync(join(folder, 'maps/a b/s.map'), JSON.stringify({ ...MAP, sourceRoot: '..' }));
    for (const url of ['../maps/a%20b/s.map', `file://${folder}/maps/a%20b/s.map`]) {
      const file = script('beside/s.js', `//# sourceMappingURL=${url}\n`);
      expect(await foundBy(file, 11)).toEqual({ original: spin(join(folder, 'maps/src/spin.ts')), notes: [] });
    }
  });

  test('a script without one is not spoken of; strings that look like one are none', async () => {
    const tails = [
      '',
      'const a = "//# sourceMappingURL=" + a;',
      `x("//# sourceMappingURL=a.map")`,
      '//# sourceMappingURL=',
    ];
    for (const tail of tails)
      expect(await foundBy(script('none.js', tail))).toEqual({ original: undefined, notes: [] });
    expect(await foundBy(join(folder, 'missing.js'))).toEqual({ original: undefined, notes: [] });
    expect(await foundBy(folder)).toEqual({ original: undefined, notes: [] });
  });

  test('packages published without the map that they name are no news', async () => {
    const file = script('node_modules/p/index.js', '//# sourceMappingURL=index.js.map');
    expect(await foundBy(file)).toEqual({ original: undefined, notes: [] });
  });

  test('webpack’s addresses stay readable; sources of file: are paths', async () => {
    const sources: readonly [string, string | undefined, string][] = [
      ['webpack://shop/./src/a.ts?1f2e', undefined, 'webpack://shop/src/a.ts'],
      ['./src/a.ts', 'webpack:///', 'webpack:///src/a.ts'],
      ['file:///srv/a%20b.ts', 'src', '/srv/a b.ts'],
      ['../a.ts', '/srv/app', '/srv/a.ts'],
      ['100%.ts', '', join(folder, '100%.ts')],
    ];
    for (const [source, sourceRoot, file] of sources) {
      const map = encodeURIComponent(JSON.stringify({ ...MAP, sources: [source], sourceRoot }));
      const { original } = await foundBy(script('sources.js', `//# sourceMappingURL=data:,${map}`), 11);
      expect(original?.file).toBe(file);
    }
  });
});

test('an index map: the section decides', async () => {
  const section = (line: number, column: number, map: unknown) => ({ offset: { line, column }, map });
  const other = { ...MAP, sources: ['other.ts'], names: ['first'] };
  const nested = { version: 3, sections: [section(0, 0, MAP)] };
  const file = join(folder, 'sections.js');
  const map = { version: 3, sections: [section(0, 0, other), section(1, 4, nested)] };
  writeFileSync(join(folder, 'sections.js.map'), JSON.stringify(map));
  writeFileSync(file, 'function s(n){return n}\n    function s(n){return n}\n//# sourceMappingURL=sections.js.map\n');
  const maps = new SourceMaps();
  const found = await maps.find([
    { name: 's', file, line: 1, column: 11 },
    { name: 's', file, line: 2, column: 15 },
    { name: 's', file, line: 2, column: 2 },
  ]);
  expect(found).toEqual([
    { name: 'first', file: join(folder, 'other.ts'), line: 3, column: 14 },
    { name: 'spin', file: join(folder, 'src/spin.ts'), line: 3, column: 14 },
    undefined,
  ]);
  expect(maps.notes()).toEqual([]);
});

test('without a column: the line, where all of it comes from one', async () => {
  const url = (mappings: string) =>
    `//# sourceMappingURL=data:,${encodeURIComponent(JSON.stringify({ ...MAP, mappings }))}`;
  const { original } = await foundBy(script('line.js', url(MAP.mappings)), 0);
  expect(original).toEqual({ name: 's', file: join(folder, 'src/spin.ts'), line: 3, column: 0 });
  expect(await foundBy(script('lines.js', url('AAEA,SAASA,CACI')), 0)).toEqual({ original: undefined, notes: [] });
});

describe('maps that cannot be read', () => {
  const data = (map: unknown) => `//# sourceMappingURL=data:,${encodeURIComponent(JSON.stringify(map))}`;
  const broken: readonly [string, string, RegExp][] = [
    ['missing', '//# sourceMappingURL=gone.map', /there is no file .*gone\.map$/],
    ['of the web', '//# sourceMappingURL=https://example.com/a.map', /its map is no file: https:/],
    ['of another host', '//# sourceMappingURL=file://host/a.map', /its map is no file: file:/],
    ['a device', '//# sourceMappingURL=file:///dev/zero', /there is no file \/dev\/zero$/],
    ['a folder', '//# sourceMappingURL=.', /there is no file/],
    ['half an address', '//# sourceMappingURL=data:application/json', /broken data: address/],
    ['no percent sign', '//# sourceMappingURL=data:,%7', /broken data: address/],
    ['no JSON', '//# sourceMappingURL=data:,{', /it is not JSON/],
    ['null', data(null), /it is no source map/],
    ['of version 2', data({ ...MAP, version: 2 }), /version 3/],
    ['without sources', data({ ...MAP, sources: {} }), /no list of sources/],
    ['with other names', data({ ...MAP, names: 7 }), /names are no list/],
    ['without mappings', data({ ...MAP, mappings: [[]] }), /no mappings/],
    ['with other mappings', data({ ...MAP, mappings: 'AA!A' }), /mappings are broken/],
    ['with many mappings', data({ ...MAP, mappings: ';'.repeat(4_000_001) }), /too many mappings/],
    [
      'with sections elsewhere',
      data({ version: 3, sections: [{ offset: { line: 0, column: 0 }, url: 'a' }] }),
      /elsewhere/,
    ],
    ['with sections nowhere', data({ version: 3, sections: [{ map: MAP }] }), /no offset/],
  ];
  test.each(broken)('%s: one note with the reason', async (_name, tail, reason) => {
    const { original, notes } = await foundBy(script('broken.js', tail));
    expect(original).toBeUndefined();
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(reason);
  });

  test('several: how many, and the first', async () => {
    const maps = new SourceMaps();
    const files = ['one.js', 'two.js'].map((name) => script(name, '//# sourceMappingURL=gone.map'));
    await maps.find(files.map((file) => place(file)));
    expect(maps.notes()).toEqual([
      `2 source maps were not read; the first: ${files[0]}: there is no file ${join(folder, 'gone.map')}`,
    ]);
  });

  test('sections in sections a hundred thousand deep, and a file of brackets', async () => {
    const deep = 100_000;
    const start = '{"version":3,"sections":[{"offset":{"line":0,"column":0},"map":'.repeat(deep);
    writeFileSync(join(folder, 'deep.map'), `${start}${JSON.stringify(MAP)}${'}]}'.repeat(deep)}`);
    const { original } = await foundBy(script('deep.js', '//# sourceMappingURL=deep.map'), 11);
    expect(original?.name).toBe('spin');
    writeFileSync(join(folder, 'many.map'), '['.repeat(3_000_000));
    const { notes } = await foundBy(script('many.js', '//# sourceMappingURL=many.map'));
    expect(notes[0]).toContain('it has too many members');
  });
});

describe('nothing throws', () => {
  const number = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0 }));
  const functions = fc.array(
    fc.record({ name: fc.oneof(fc.constantFrom('s', 'a.s', 'get s', ''), fc.string()), line: number, column: number }),
    { maxLength: 20 },
  );

  async function lookUp(text: string, asked: { name: string; line: number; column: number }[], url = 'any.map') {
    const file = script('any.js', `//# sourceMappingURL=${url}`);
    writeFileSync(join(folder, 'any.map'), text);
    const found = await new SourceMaps().find(asked.map((each) => ({ ...each, file })));
    expect(found).toHaveLength(asked.length);
    for (const original of found) {
      if (original === undefined) continue;
      expect(original.line).toBeGreaterThan(0);
      expect(original.column).toBeGreaterThanOrEqual(0);
      expect(typeof original.name).toBe('string');
    }
  }

  test('whatever a map holds', async () => {
    const letters = fc.string({ unit: fc.constantFrom(...'AACCgghSWz9+/,;') });
    const part = fc.record(
      {
        version: fc.constant(3),
        mappings: fc.oneof({ weight: 9, arbitrary: letters }, { weight: 1, arbitrary: fc.anything() }),
        sources: fc.oneof({ weight: 9, arbitrary: fc.array(fc.oneof(fc.string(), fc.anything())) }, fc.anything()),
        names: fc.oneof({ weight: 9, arbitrary: fc.array(fc.oneof(fc.string(), fc.anything())) }, fc.anything()),
        sourceRoot: fc.oneof(fc.string(), fc.anything()),
      },
      { requiredKeys: ['version'] },
    );
    const section = fc.record({
      offset: fc.record({ line: number, column: number }),
      map: fc.oneof(part, fc.anything()),
    });
    const map = fc.oneof(part, fc.record({ version: fc.constant(3), sections: fc.array(section) }), fc.anything());
    await fc.assert(
      fc.asyncProperty(map, functions, async (value, asked) => {
        await lookUp(JSON.stringify(value) ?? '', asked);
      }),
      { numRuns: 300 },
    );
  });

  test('whatever its text or its address is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.string(), functions, async (text, url, asked) => {
        await lookUp(text, asked, url);
        await lookUp(text, asked, `data:${url}`);
      }),
    );
  });

  test('a real map that is cut or changed at any byte', async () => {
    const source = 'export function spin(first: number) {\n  return first;\n}\n';
    const { map: whole } = transformSync(source, { loader: 'ts', minify: true, sourcemap: 'external' });
    const asked = [place('', 1), place('', 11), place('', 300)];
    for (let at = 0; at < whole.length; at++) {
      await lookUp(whole.slice(0, at), asked);
      await lookUp(`${whole.slice(0, at)}~${whole.slice(at + 1)}`, asked);
    }
  });
});
