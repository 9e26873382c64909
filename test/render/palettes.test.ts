import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { paletteOf } from '../../src/render/colors.ts';
import { drawAtRandom, drawByFnv, drawByHash, drawByName } from '../../src/render/palettes/draws.ts';
import { hueColor } from '../../src/render/palettes/hues.ts';
import { LANGUAGES } from '../../src/render/palettes/languages.ts';
import { consistent, readPaletteMap, writePaletteMap } from '../../src/render/palettes/palette-map.ts';
import { profileOf } from '../profile/profile-of.ts';

describe('how colours are drawn', () => {
  test("by name: perl's random numbers, seeded with the sum of the code points", () => {
    expect(hueColor('hot', drawByName('a'))).toEqual([236, 146, 35]);
    expect(hueColor('hot', drawByName('b'))).toEqual([230, 117, 28]);
    expect(drawByName('ab')).toEqual(drawByName('ba'));
  });

  test('by hash: the first three characters behind a module', () => {
    const close = (name: string, forwards: number, backwards: number) => {
      const [v1, v2, v3] = drawByHash(name);
      expect(v1).toBeCloseTo(forwards, 6);
      expect(v2).toBeCloseTo(backwards, 6);
      expect(v3).toBe(v2);
    };
    close('genunix`kmem_cache_free', 0.466_926_34, 0.840_410_3);
    close('unix`0xfffffffffb8001d6', 0.418_131_17, 0.840_410_3);
    expect(drawByHash('``0xff')[0]).toBe(drawByHash('0xff')[0]);
    expect(drawByHash('')[0]).toBe(1);
  });

  test("at random: inferno's generator, a draw for each name that is new", () => {
    const draw = drawAtRandom(1234);
    const fills = ['x', 'y', 'x', 'z'].map((name) => hueColor('hot', draw(name)).join());
    expect(fills).toEqual(['227,0,7', '217,0,24', '227,0,7', '221,193,54']);
    expect(drawAtRandom(7)('x')).not.toEqual(drawAtRandom(8)('x'));
  });

  test('always in range, the same for the same name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        for (const draw of [drawByName, drawByHash, drawByFnv, drawAtRandom(1)]) {
          expect(draw(name)).toEqual(draw(name));
          for (const v of draw(name)) expect(v >= 0 && v <= 1).toBe(true);
          for (const channel of hueColor('hot', draw(name))) expect(channel >= 0 && channel <= 255).toBe(true);
        }
      }),
    );
  });
});

describe('palettes of languages', () => {
  const hues = (id: keyof typeof LANGUAGES, names: readonly string[]) => names.map((name) => LANGUAGES[id].hueOf(name));
  test.each([
    [
      'java',
      [
        'f_[k]',
        'f_[i]',
        'f_[j]',
        'a::b',
        '-[NSObject x]',
        'Ljava/util/List',
        'org.x.Y',
        'Interpreter',
        '[test.event]',
        'memcpy',
      ],
      ['orange', 'aqua', 'green', 'yellow', 'yellow', 'green', 'green', 'green', 'red', 'red'],
    ],
    [
      'js',
      [' ', 'f_[k]', 'a/b_[j]', 'f_[j]', 'a::b', 'native x.js:1', '/srv/x.js', 'a/node_modules/b.js', 'x.js'],
      ['green', 'orange', 'green', 'aqua', 'yellow', 'aqua', 'green', 'purple', 'red'],
    ],
    ['perl', ['f_[k]', 'Perl_x', 'a.pl', 'a::b', 'x'], ['orange', 'green', 'green', 'yellow', 'red']],
    [
      'python',
      [
        '<built-in f>',
        'lib/python3.9/time.py:1',
        'C:\\Python39\\x.py',
        'x/site-packages/y.py',
        'own.py:3',
        'pythonic/x',
      ],
      ['yellow', 'yellow', 'yellow', 'aqua', 'red', 'red'],
    ],
    [
      'rust',
      [
        'std::x',
        'app`core::y',
        '<alloc::b as c>',
        '<core::future::from_generator::GenFuture<T> as x::y>',
        'a::b',
        'main',
      ],
      ['orange', 'orange', 'orange', 'aqua', 'aqua', 'yellow'],
    ],
    ['wakeup', ['x'], ['aqua']],
    ['chain', ['x', 'x_[w]'], ['blue', 'aqua']],
  ] as const)('%s', (id, names, wanted) => {
    expect(hues(id, names)).toEqual(wanted);
    for (const hue of wanted) expect(LANGUAGES[id].meanings.has(hue as never)).toBe(true);
  });
});

describe('palette.map', () => {
  test('lines are NAME->rgb(R,G,B); the last arrow divides; others are counted', () => {
    const { colors, ignored } = readPaletteMap(
      'a->rgb(1,2,3)\na->b->rgb(255, 0,10)\r\n\nc->#123456\nd->rgb(1,2,256)\n',
    );
    expect([...colors]).toEqual([
      ['a', '#010203'],
      ['a->b', '#ff000a'],
    ]);
    expect(ignored).toBe(2);
  });

  test('what is written is read back, sorted', () => {
    const name = fc.string({ minLength: 1 }).filter((text) => !/[\r\n]/.test(text));
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.integer({ min: 0, max: 0xffffff }))), (entries) => {
        const colors = new Map(entries.map(([key, color]) => [key, `#${color.toString(16).padStart(6, '0')}`]));
        const text = writePaletteMap(colors);
        expect(new Map(readPaletteMap(text).colors)).toEqual(colors);
        expect(writePaletteMap(readPaletteMap(text).colors)).toBe(text);
      }),
    );
  });

  test('a known function keeps its colour, a new one is added, the legend is not', () => {
    const colors = new Map([['parse', '#010203']]);
    const palette = consistent(paletteOf(profileOf('parse{app};x{native} 1')), colors);
    expect(palette.fill('app', 'parse')).toBe('#010203');
    const fill = palette.fill('native', 'x');
    palette.fill('app', palette.groups[0]!.title);
    expect([...colors]).toEqual([
      ['parse', '#010203'],
      ['x', fill],
    ]);
  });
});
