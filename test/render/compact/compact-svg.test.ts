import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProfileBuilder } from '../../../src/profile/builder.ts';
import type { Profile } from '../../../src/profile/profile.ts';
import { LABEL_COLOR, PALETTES, paletteOf } from '../../../src/render/colors.ts';
import { compactScript, compactSvg } from '../../../src/render/compact/compact-svg.ts';
import { inkOn, mergeShades } from '../../../src/render/compact/shades.ts';
import { MAX_ROWS } from '../../../src/render/flame-layout.ts';
import { profileOf } from '../../profile/profile-of.ts';
import { EMBEDDED_TEXT } from '../embedded-text.ts';
import { HOSTILE_NAMES } from '../hostile-names.ts';
import { unescapeXml } from '../read-svg.ts';
import { checkXml } from '../xml-check.ts';
import { dataOf, draw, functionsOf } from './data-of.ts';
import { wideProfile } from './wide-profile.ts';

const small = profileOf`
  main{app};parse /srv/app/lib/parse.js:10:3{app};slice{builtin} 30
  main{app};parse /srv/app/lib/parse.js:10:3{app} 20
  main{app};resolve /srv/app/node_modules/r/index.js:5:1{dependency};stat node:fs:7:2{runtime};sys_stat{kernel} 40
  (garbage collector){gc} 9
  1
`;

function chainOf(names: readonly string[]): Profile {
  const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
  let stack = -1;
  for (const name of names) stack = builder.stack(stack, builder.frame({ name }));
  builder.sample(stack, [1]);
  return builder.build();
}

/** Every piece of a path as left edge, width (tenths of a px) and top. */
function piecesOf(svg: string): { x: number; width: number; y: number; fill: string }[] {
  return [...svg.matchAll(/<path data-group="[^"]*" stroke="([^"]*)" d="([^"]*)"/g)].flatMap(([, fill, path]) => {
    let [x, y] = [0, 0];
    return [...path!.matchAll(/m(-?\d+)[ ]?(-?\d+)h(\d+)/g)].map(([, dx, dy, width]) => {
      x += Number(dx);
      y += Number(dy);
      const piece = { x, y, width: Number(width), fill: fill! };
      x += Number(width);
      return piece;
    });
  });
}

describe('compact flame graph SVG', () => {
  test('a small one, byte for byte', async () => {
    const svg = draw(small, { title: 'Small', subtitle: 'five stacks', notes: ['a note'] });
    const constant = svg
      .replace(compactScript(), '/* script */\n')
      .replace(/<style>[\s\S]*?<\/style>/, '<style/>')
      .replace(EMBEDDED_TEXT, '$1');
    await expect(constant).toMatchFileSnapshot('../golden/small-compact.svg.txt');
  });

  test('same profile and options, same bytes; comes in large pieces', () => {
    const profile = wideProfile(20_000);
    const pieces = [...compactSvg.render(profile, { minWidth: 0 })];
    expect(pieces.join('')).toBe(draw(profile, { minWidth: 0 }));
    expect(pieces.length).toBeGreaterThan(2);
    for (const piece of pieces.slice(0, -1)) expect(piece.length).toBeGreaterThanOrEqual(16_384);
  });

  test('pieces lie where the frames are: each in its row, none beside it, none twice', () => {
    const stacks = fc.array(
      fc.tuple(
        fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 500 }),
      ),
      { minLength: 1, maxLength: 40 },
    );
    fc.assert(
      fc.property(stacks, fc.boolean(), (samples, inverted) => {
        const profile = profileOf(samples.map(([names, weight]) => `${names.join(';')} ${weight}`).join('\n'));
        const svg = draw(profile, { inverted, minWidth: 0 });
        const { rows } = dataOf(svg);
        const last = rows.rowStart.length - 2;
        const scale = 11_800 / rows.weight[0]!;
        const pieces = piecesOf(svg);
        for (let row = 0; row <= last; row++) {
          const line = (inverted ? row : last - row) * 16;
          const here = pieces.filter(({ y }) => y === line).sort((a, b) => a.x - b.x);
          let covered = 0;
          for (const [i, { x, width }] of here.entries()) {
            covered += width;
            if (i > 0) expect(x).toBeGreaterThanOrEqual(here[i - 1]!.x + here[i - 1]!.width - 1);
          }
          const frames = Array.from(
            { length: rows.rowStart[row + 1]! - rows.rowStart[row]! },
            (_, i) => i + rows.rowStart[row]!,
          );
          const weight = frames.reduce((sum, i) => sum + rows.weight[i]! * scale, 0);
          // At most a gap a frame is missing, and three tenths between frames of one piece are too much
          expect(Math.abs(covered - weight)).toBeLessThanOrEqual(7 * frames.length + 1);
          for (const i of frames.filter((index) => rows.weight[index]! * scale >= 10)) {
            const x = Math.round(rows.start[i]! * scale);
            expect(here.map((piece) => piece.x)).toContain(x);
          }
        }
      }),
    );
  });

  test('270,000 frames are fewer than 2,000 nodes, with titles and labels of the widest', () => {
    const svg = draw(wideProfile(270_000), { minWidth: 0 });
    const { rows } = dataOf(svg);
    expect(rows.weight.length).toBeGreaterThan(250_000);
    const picture = svg.slice(0, svg.indexOf('<script>'));
    const elements = picture.match(/<[a-z]/g)!.length;
    const texts = picture.match(/>[^<]+/g)!.length;
    expect(elements + texts).toBeLessThan(2000);
    expect(svg.length / rows.weight.length).toBeLessThan(20);
    expect(/<text\s[^>]*><title>group 0 \([\d,]+ samples, [\d.]+%\)<\/title>/.test(svg)).toBe(true);
  });

  test('a frame and its colour: one path for all that are alike', () => {
    const svg = draw(small);
    const groups = [...svg.matchAll(/<path data-group="([^"]*)"/g)].map((match) => match[1]);
    expect(groups.sort()).toEqual(['app', 'app', 'builtin', 'dependency', 'gc', 'kernel', 'root', 'runtime']);
    expect(svg).toContain('data-group="app" data-title="app"');
  });

  test('the description says how much there is and where', () => {
    const [, text] = /<desc>(.*)<\/desc>/.exec(draw(small))!;
    expect(text).toBe(
      'Flame graph of 100 samples in 5 samples. Most of it is in sys_stat 40.0%, slice 30.0%, parse 20.0%, (garbage collector) 9.0%.',
    );
  });

  test('nanoseconds are titled in milliseconds; a count by its name', () => {
    expect(draw(profileOf('main;a 1,1234567890\nmain 1,1'))).toContain(
      '<title>main (1,234.6 ms, 100.00%)</title>main<',
    );
    expect(draw(profileOf('main 2'), { countName: 'page faults' })).toContain(
      '<title>main (2 page faults, 100.00%)</title>',
    );
  });

  test('marks of collapsers are for colours: shown nowhere, kept in the data', () => {
    const svg = draw(profileOf('main;sys_read_[k] 2'));
    expect(svg).toContain('<title>sys_read (2 samples, 100.00%)</title>sys_read<');
    expect(functionsOf(svg)).toContain('sys_read_[k]');
  });

  test('a stack 100,000 deep is drawn as far as can be shown, and says so', () => {
    const svg = draw(chainOf(Array.from({ length: 100_000 }, (_, i) => `f${i}`)));
    expect(dataOf(svg).rows.weight.length).toBe(MAX_ROWS);
    expect(svg).toContain('98,001 frames deeper than 2,000 rows are not drawn');
  });

  test('no samples: a picture that says so', () => {
    const svg = draw(new ProfileBuilder([{ type: 'samples', unit: 'count' }]).build());
    checkXml(svg);
    expect(svg).toContain('no samples');
    expect([...dataOf(svg).rows.weight]).toEqual([0]);
  });

  test.each([...PALETTES])('%s: few shades, near the colours they stand for, readable labels', (id) => {
    const names = Array.from({ length: 3000 }, (_, i) => `name${i}`);
    const profile = chainOf(names);
    const palette = paletteOf(profile, id);
    const groups = names.map((_, i) => palette.groupOf(profile, i));
    const fills = names.map((name, i) => palette.fill(groups[i]!, name));
    const { shades, of } = mergeShades(groups, fills);
    expect(shades.length).toBeLessThanOrEqual(48);
    const channel = (fill: string, at: number) => Number.parseInt(fill.slice(at, at + 2), 16);
    fills.forEach((fill, i) => {
      const shade = shades[of[i]!]!;
      expect(shade.group).toBe(groups[i]);
      for (const at of [1, 3, 5]) expect(Math.abs(channel(fill, at) - channel(shade.fill, at))).toBeLessThanOrEqual(32);
    });
    for (const { fill } of shades)
      expect(
        contrast(fill, { '': LABEL_COLOR, black: '#000000', white: '#ffffff' }[inkOn(fill)]),
      ).toBeGreaterThanOrEqual(4.5);
  });
});

function contrast(a: string, b: string): number {
  const luminance = (color: string): number => {
    const [red, green, blue] = [1, 3, 5].map((at) => {
      const value = Number.parseInt(color.slice(at, at + 2), 16) / 255;
      return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  };
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light! + 0.05) / (dark! + 0.05);
}

describe('hostile text', () => {
  test('makes well-formed XML, and nothing but text', () => {
    for (const name of [...HOSTILE_NAMES, 'x'.repeat(100_000)]) {
      const svg = draw(chainOf([name, name]), {
        title: name,
        subtitle: name,
        notes: [name],
        search: name,
        countName: name,
      });
      checkXml(svg);
      expect(svg.match(/<script>/g), name).toHaveLength(1);
      expect(/<(?:img|b|!DOCTYPE|!--)|\son[a-z]+="/.test(svg.replace(compactScript(), '')), name).toBe(false);
      expect(functionsOf(svg)).toEqual([name]);
    }
  });

  test('any strings make a well-formed picture', () => {
    const names = fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 });
    fc.assert(fc.property(names, (stack) => checkXml(draw(chainOf(stack), { title: stack[0]! }))));
  });

  test('the data block needs no escapes in XML and HTML', () => {
    const block = /<metadata id="data">([\s\S]*?)<\/metadata>/.exec(draw(chainOf([...HOSTILE_NAMES])))![1]!;
    expect(block).not.toMatch(/[<>&]/);
    expect(unescapeXml(block)).toBe(block);
  });
});

describe('the script', () => {
  test('can stand in CDATA, in SVG and in HTML', () => {
    expect(compactScript()).not.toMatch(/\]\]>|<\/script|<!--/);
  });

  test('never turns text into markup or code, and asks no network', () => {
    expect(compactScript()).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|\bFunction\(|fetch\(|XMLHttp|import\(/,
    );
  });

  test('is the same in every picture', () => {
    for (const svg of [draw(small), draw(chainOf([...HOSTILE_NAMES]))]) {
      expect(svg).toContain(`[CDATA[\n${compactScript()}]]>`);
    }
  });
});
