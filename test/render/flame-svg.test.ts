import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProfileBuilder } from '../../src/profile/builder.ts';
import type { Profile } from '../../src/profile/profile.ts';
import { MAX_ROWS } from '../../src/render/flame-layout.ts';
import { FLAME_SCRIPT } from '../../src/render/flame-script.ts';
import { type FlameSvgOptions, flameSvg } from '../../src/render/flame-svg.ts';
import { linesOf, profileOf } from '../profile/profile-of.ts';
import { EMBEDDED_TEXT } from './embedded-text.ts';
import { HOSTILE_NAMES } from './hostile-names.ts';
import { foldedOf, readSvg, selfOf } from './read-svg.ts';
import { checkXml } from './xml-check.ts';

const small = profileOf`
  main{app};parse /srv/app/lib/parse.js:10:3{app};slice{builtin} 30
  main{app};parse /srv/app/lib/parse.js:10:3{app} 20
  main{app};resolve /srv/app/node_modules/r/index.js:5:1{dependency};stat node:fs:7:2{runtime};sys_stat{kernel} 40
  (garbage collector){gc} 9
  1
`;

function draw(profile: Profile, options: FlameSvgOptions = {}): string {
  return [...flameSvg.render(profile, options)].join('');
}

/** Of one name a stack, sample by sample. */
function chainOf(names: readonly string[]): Profile {
  const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
  let stack = -1;
  for (const name of names) stack = builder.stack(stack, builder.frame({ name }));
  builder.sample(stack, [1]);
  return builder.build();
}

/** Stacks over a small alphabet with whole weights. */
const anyProfile = fc
  .array(
    fc.tuple(fc.array(fc.constantFrom('a', 'b', 'c d', 'é'), { maxLength: 6 }), fc.integer({ min: 1, max: 1e12 })),
    {
      minLength: 1,
      maxLength: 30,
    },
  )
  .map((samples) => {
    const builder = new ProfileBuilder([{ type: 'cpu', unit: 'nanoseconds' }]);
    for (const [names, value] of samples) {
      let stack = -1;
      for (const name of names) stack = builder.stack(stack, builder.frame({ name }));
      builder.sample(stack, [value]);
    }
    return builder.build();
  });

function mergedLines(profile: Profile): string[] {
  const sums = new Map<string, number>();
  for (const line of linesOf(profile)) {
    const blank = line.lastIndexOf(' ');
    const stack = line.slice(0, Math.max(0, blank));
    sums.set(stack, (sums.get(stack) ?? 0) + Number(line.slice(blank + 1)));
  }
  return [...sums].map(([stack, value]) => (stack === '' ? `${value}` : `${stack} ${value}`)).sort();
}

describe('flame graph SVG', () => {
  test('a small one, byte for byte', async () => {
    const svg = draw(small, { title: 'Small', subtitle: 'five stacks', notes: ['a note'] });
    const constant = svg.replace(FLAME_SCRIPT, '/* FLAME_SCRIPT */\n').replace(EMBEDDED_TEXT, '$1');
    await expect(constant).toMatchFileSnapshot('golden/small.svg.txt');
  });

  test('same profile and options, same bytes; comes in chunks', () => {
    const wide = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
    for (let i = 0; i < 2000; i++) wide.sample(wide.stack(-1, wide.frame({ name: `f${i}` })), [1]);
    const profile = wide.build();
    expect(draw(profile)).toBe(draw(profile));
    expect([...flameSvg.render(profile, {})].length).toBeGreaterThan(4);
  });

  test('one group per frame in preorder, with title, kind and exact weights', () => {
    const { total, frames } = readSvg(draw(small));
    expect(total).toBe(100);
    expect(
      frames.map(({ className, title, start, weight, depth }) => [className, title, start, weight, depth]),
    ).toEqual([
      ['root', 'all (100 samples, 100%)', 0, 100, 0],
      ['gc', '(garbage collector) (9 samples, 9.00%)', 0, 9, 1],
      ['app', 'main (90 samples, 90.00%)', 9, 90, 1],
      ['app', 'parse /srv/app/lib/parse.js:10:3 (50 samples, 50.00%)', 9, 50, 2],
      ['builtin', 'slice (30 samples, 30.00%)', 29, 30, 3],
      ['dependency', 'resolve /srv/app/node_modules/r/index.js:5:1 (40 samples, 40.00%)', 59, 40, 2],
      ['runtime', 'stat node:fs:7:2 (40 samples, 40.00%)', 59, 40, 3],
      ['kernel', 'sys_stat (40 samples, 40.00%)', 59, 40, 4],
    ]);
    expect(frames.map(({ label }) => label)).toContain('parse parse.js:10');
  });

  test('nanoseconds stay exact and are titled in milliseconds', () => {
    const svg = draw(profileOf('main;a 1,1234567890\nmain 1,1'));
    const { total, frames } = readSvg(svg);
    expect(total).toBe(1234567891);
    expect(frames.map(({ title }) => title)).toEqual([
      'all (1,234.6 ms, 100%)',
      'main (1,234.6 ms, 100.00%)',
      'a (1,234.6 ms, 100.00%)',
    ]);
    expect(svg).toContain(
      'data-value-type="cpu" data-value-unit="nanoseconds" data-unit-name="ms" data-divisor="1000000"',
    );
    expect(readSvg(draw(profileOf('main 2,5'), { valueIndex: 0 })).total).toBe(2);
    expect(readSvg(draw(profileOf('main 2'), { countName: 'page faults' })).frames[1]!.title).toBe(
      'main (2 page faults, 100.00%)',
    );
  });

  test('children lie inside their parent, beside each other, one row on', () => {
    fc.assert(
      fc.property(anyProfile, fc.boolean(), (profile, inverted) => {
        const { frames } = readSvg(draw(profile, { inverted, minWidth: 0 }));
        const edge = new Map<number, number>();
        for (const frame of frames) {
          const below = frames[frame.parent];
          if (!below) continue;
          expect(frame.start).toBeGreaterThanOrEqual(edge.get(frame.parent) ?? below.start);
          expect(frame.start + frame.weight).toBeLessThanOrEqual(below.start + below.weight);
          expect(frame.x).toBeGreaterThanOrEqual(below.x - 1e-4);
          expect(frame.x + frame.width).toBeLessThanOrEqual(below.x + below.width + 2e-4);
          expect(frame.y - below.y).toBe(inverted ? 16 : -16);
          edge.set(frame.parent, frame.start + frame.weight);
        }
        const self = selfOf(frames);
        expect(self.reduce((sum, value) => sum + value, 0)).toBe(frames[0]!.weight);
      }),
    );
  });

  test('the folded stacks come back exactly', () => {
    expect(foldedOf(draw(small)).sort()).toEqual(mergedLines(small));
    fc.assert(
      fc.property(anyProfile, (profile) => {
        expect(foldedOf(draw(profile, { minWidth: 0 })).sort()).toEqual(mergedLines(profile));
      }),
    );
  });

  test('frames too narrow are left out, counted, and not lost from the self weights', () => {
    const svg = draw(
      profileOf`
      main;big 99997
      main;small;tiny 1
      main;small 1
      main 1
    `,
      { minWidth: 1 },
    );
    const { frames } = readSvg(svg);
    expect(frames.map(({ name }) => name)).toEqual(['all', 'main', 'big']);
    expect(selfOf(frames)).toEqual([0, 1, 99997]);
    expect(svg).toContain('data-left-out-frames="2" data-left-out-weight="2"');
    expect(svg).toContain('2 frames too narrow to draw (2, 0.00%)');
  });

  test('a stack 100,000 deep is drawn as far as can be shown, and says so', () => {
    const svg = draw(chainOf(Array.from({ length: 100_000 }, (_, i) => `f${i}`)));
    expect(readSvg(svg).frames.length).toBe(MAX_ROWS);
    expect(svg).toContain(`98,001 frames deeper than 2,000 rows are not drawn`);
  });

  test('no samples: a picture that says so', () => {
    const svg = draw(new ProfileBuilder([{ type: 'samples', unit: 'count' }]).build());
    checkXml(svg);
    expect(readSvg(svg).frames.map(({ title }) => title)).toEqual(['all (0 samples, 100%)']);
    expect(svg).toContain('no samples');
  });

  test('labels fit their frames without a script', () => {
    const { frames } = readSvg(draw(small));
    expect(frames.find(({ name }) => name === '(garbage collector)')!.label).toBe('(garbage coll…');
    expect(readSvg(draw(small, { width: 300 })).frames.find(({ name }) => name === '(garbage collector)')!.label).toBe(
      '',
    );
  });

  test('the legend says the self weight of each kind; a profile without kinds has classic colours and no legend', () => {
    const svg = draw(small);
    expect(
      [...svg.matchAll(/<g data-group="(\w+)">.*?>([^<]*)<\/text>/g)].map(([, group, text]) => [group, text]),
    ).toEqual([
      ['app', 'app 20.0%'],
      ['dependency', 'dependencies 0.0%'],
      ['runtime', 'node core 0.0%'],
      ['builtin', 'builtins 30.0%'],
      ['kernel', 'kernel 40.0%'],
      ['gc', 'GC 9.0%'],
    ]);
    const plain = profileOf('a;b 1');
    expect(draw(plain)).toBe(draw(plain, { colors: 'warm' }));
    expect(draw(plain)).not.toContain('id="legend"');
    expect(draw(small, { colors: 'tier' })).toContain('not JavaScript 99.0%');
  });

  test('options are in the picture: width, rows, direction, search', () => {
    const svg = draw(small, { width: 640, frameHeight: 20, fontSize: 14, inverted: true, search: '^a"b' });
    expect(svg).toContain('<svg version="1.1" width="640" ');
    expect(svg).toContain('data-row-height="20"');
    expect(svg).toContain(
      'data-orientation="down" data-order="line" data-cut="right" data-width="640" data-fluid="false"',
    );
    expect(svg).toContain('data-search="^a&quot;b"');
    expect(svg).toContain('#frames text { font-family');
    expect(svg).toContain('font-size: 14px');
    expect(readSvg(svg).frames[0]!.y).toBe(4 * 14 + 4);
  });
});

describe('hostile names', () => {
  test('are only ever text, in every place', () => {
    for (const name of HOSTILE_NAMES) {
      const builder = new ProfileBuilder([{ type: name, unit: name }]);
      const frame = { name, file: name, line: 3, module: name, kind: 'app' } as const;
      builder.sample(builder.stack(builder.stack(-1, builder.frame(frame)), builder.frame({ name })), [5]);
      const profile = builder.build({ notes: [name], command: [name] });
      const svg = draw(profile, {
        title: name,
        subtitle: name,
        search: name,
        countName: name,
        nameType: name,
        fontType: name,
      });
      checkXml(svg);
      expect(svg.match(/<script>/g), name).toHaveLength(1);
      expect(svg, name).not.toMatch(/<(?:img|b|!DOCTYPE|!--)/);
      expect(svg.match(/<title>/g), name).toHaveLength(3);
    }
  });

  test('any strings make a well-formed picture', () => {
    const names = fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 });
    fc.assert(fc.property(names, (stack) => checkXml(draw(chainOf(stack), { title: stack[0]! }))));
  });

  test('come back from the picture, where XML can hold them', () => {
    const names = HOSTILE_NAMES.filter(
      (name) => !/[\ud800-\udfff\u0000-\u001f\u007f-\u009f\u2066-\u2069\u202a-\u202e\ufffe]/.test(name),
    );
    expect(names.length).toBeGreaterThan(12);
    expect(
      readSvg(draw(chainOf(names)))
        .frames.slice(1)
        .map(({ title }) => title),
    ).toEqual(names.map((name) => `${name} (1 samples, 100.00%)`));
  });
});

describe('the script', () => {
  test('can stand in CDATA, in SVG and in HTML', () => {
    expect(FLAME_SCRIPT).not.toMatch(/\]\]>|<\/script|<!--|\$\{/);
  });

  test('never turns text into markup or code, and asks no network', () => {
    expect(FLAME_SCRIPT).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|Function\(|fetch\(|XMLHttp|import\(/,
    );
    expect(FLAME_SCRIPT).not.toMatch(/setAttribute\('on/);
    expect(draw(small)).not.toMatch(/\son[a-z]+="/);
  });

  test('is the same in every picture', () => {
    for (const svg of [draw(small), draw(chainOf([...HOSTILE_NAMES]))])
      expect(svg).toContain(`[CDATA[\n${FLAME_SCRIPT}]]>`);
  });
});
