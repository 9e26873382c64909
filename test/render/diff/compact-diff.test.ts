import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frameAt } from '../../../src/embedded/flame-rows.ts';
import { ProfileBuilder } from '../../../src/profile/builder.ts';
import { compareProfiles } from '../../../src/profile/diff/compare.ts';
import { VERDICTS } from '../../../src/profile/diff/comparison.ts';
import { pictureScript } from '../../../src/render/compact/document.ts';
import { INTERVAL_STEPS, viewOf } from '../../../src/render/diff/diff-rows.ts';
import { HOSTILE_NAMES } from '../hostile-names.ts';
import { checkXml } from '../xml-check.ts';
import { comparisonOf, judged, sidesOf } from './comparison-of.ts';
import { dataOf, draw, linesOfComparison, linesOfData } from './diff-data.ts';

const small = judged(
  comparisonOf(`
    main;parse;scan 300 420
    main;parse 200 210
    main;oldEmit;flush 150 0
    main;newEmit;flush 0 140
    main;rest 350 230
  `),
  { parse: 'grew', scan: 'grew', oldEmit: 'gone', newEmit: 'new', rest: 'shrank' },
);

const anyLines = fc.array(
  fc.tuple(
    fc.array(fc.constantFrom('a', 'b', 'c d', 'é'), { minLength: 1, maxLength: 6 }),
    fc.integer({ min: 0, max: 500 }),
    fc.integer({ min: 0, max: 500 }),
  ),
  { minLength: 1, maxLength: 30 },
);

function textOf(lines: readonly (readonly [readonly string[], number, number])[]): string {
  return ['all 1 1', ...lines.map(([names, before, after]) => `${names.join(';')} ${before} ${after}`)].join('\n');
}

describe('the data of a differential picture', () => {
  test('hold the weights of both sides and the verdict of every path, exactly', () => {
    fc.assert(
      fc.property(anyLines, (lines) => {
        const comparison = comparisonOf(textOf(lines));
        expect(linesOfData(dataOf(draw(comparison, { minWidth: 0 })))).toEqual(
          linesOfComparison(comparison).filter((line) => !/ 0 0 unchanged$/.test(line) || hasWeight(comparison, line)),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('fractions and weights in nanoseconds stay', () => {
    const comparison = comparisonOf('a;b 1.5 2.25\na 1000000007 3', { normalize: false });
    expect(linesOfData(dataOf(draw(comparison, { minWidth: 0 })))).toEqual(linesOfComparison(comparison));
  });

  test('intervals are there to a ten thousandth of the whole; none where nothing was tested', () => {
    const comparison = comparisonOf('a;b 300 420\na;c 700 580');
    const { rows } = dataOf(draw(comparison));
    const { paths, profile, after } = comparison;
    for (let i = 1; i < rows.frame.length; i++) {
      const name = profile.strings[profile.frames.name[rows.frame[i]!]!];
      const path = profile.stacks.frame.findIndex((frame) => profile.strings[profile.frames.name[frame]!] === name);
      expect(rows.low[i]! / INTERVAL_STEPS).toBeCloseTo(paths.low[path]! / after.total, 4);
      expect(rows.high[i]! / INTERVAL_STEPS).toBeCloseTo(paths.high[path]! / after.total, 4);
    }
    const blind = { ...paths, low: paths.low.map(() => Number.NaN), high: paths.high.map(() => Number.NaN) };
    const untested = dataOf(draw({ ...comparison, paths: blind })).rows;
    expect([...untested.low, ...untested.high].every(Number.isNaN)).toBe(true);
  });

  test('in each view frames lie within what they lie on, beside each other, and are found at their places', () => {
    fc.assert(
      fc.property(anyLines, fc.constantFrom('before', 'after', 'max' as const), (lines, widths) => {
        const { rows: both, ratio } = dataOf(draw(comparisonOf(textOf(lines)), { minWidth: 0 }));
        const rows = viewOf(both, widths as 'max', ratio);
        for (let row = 1; row < rows.rowStart.length - 1; row++) {
          let edge = 0;
          for (let i = rows.rowStart[row]!; i < rows.rowStart[row + 1]!; i++) {
            const on = rows.parent[i]!;
            const [left, width] = [rows.start[i]!, rows.weight[i]!];
            expect(left).toBeGreaterThanOrEqual(Math.max(edge, rows.start[on]!));
            expect(left + width).toBeLessThanOrEqual(rows.start[on]! + rows.weight[on]!);
            edge = left + width;
            if (width > 0) expect(frameAt(rows, row, left + width / 2)).toBe(i);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test('the view of both is as wide as each path on the side where it is wider', () => {
    const { rows, ratio, frames, strings } = dataOf(draw(comparisonOf('a;gone 6 0\na;kept 4 5\na;new 0 5')));
    const view = viewOf(rows, 'max', ratio);
    const drawn = Array.from(view.weight, (weight, i) => {
      const frame = view.frame[i]!;
      return `${frame < 0 ? 'all' : strings[frames.name[frame]!]} ${view.start[i]} ${weight}`;
    });
    expect(drawn).toEqual(['all 0 16', 'a 0 16', 'gone 0 6', 'kept 6 5', 'new 11 5']);
  });

  test('deep stacks cost what their number of frames costs: less than 20 bytes a frame in the data', () => {
    let lines = '';
    for (let i = 0; i < 400; i++) {
      const names = Array.from({ length: 30 }, (_, depth) => `f${depth < 8 ? depth : (i * 31 + depth * depth) % 90}`);
      lines += `${names.join(';')} ${50 + (i % 17)} ${48 + (i % 23)}\n`;
    }
    const svg = draw(comparisonOf(lines), { minWidth: 0 });
    const data = /<metadata id="comparison">([\s\S]*?)<\/metadata>/.exec(svg)![1]!;
    const { rows } = dataOf(svg);
    expect(rows.frame.length).toBeGreaterThan(1500);
    expect(data.length / rows.frame.length).toBeLessThan(20);
  });
});

describe('the still picture', () => {
  test('is well-formed, has a legend with counts, a scale, and names what is gone', () => {
    const svg = draw(small);
    expect(checkXml(svg)).toBeUndefined();
    for (const entry of ['▲ grew 2', '+ new 1', '▼ shrank 1', '− gone 1', 'no significant change 3']) {
      expect(svg).toContain(`>${entry}<`);
    }
    expect(svg).toContain('+10 points of the whole');
    expect(svg).toMatch(/id="gone"[^>]*>Gone: oldEmit −15.0%</);
  });

  test('tells of each wide frame what it was, is, and how sure that is', () => {
    expect(draw(small)).toMatch(
      /<title>parse {2}50\.00% → 63\.00% {2}\+13\.0 points \[\+[\d.]+, \+[\d.]+\] {2}grew<\/title>/,
    );
    expect(draw(small)).toContain('>▲ parse +13.0 points<');
  });

  test('says so to those who do not see it', () => {
    const said = /<desc>([\s\S]*?)<\/desc>/.exec(draw(small))![1];
    expect(said).toContain('old.folded 1,000 samples → new.folded 1,000 samples');
    expect(said).toMatch(/Most changed: .*oldEmit 15\.0% to 0\.0%/);
  });

  test('what is on one side alone has a pattern, what a drawing may have cut another one', () => {
    const svg = draw(judged(small, { newEmit: 'new', rest: 'below-cut' }));
    const paint = (group: string): string => new RegExp(`data-group="${group}" stroke="([^"]*)"`).exec(svg)![1]!;
    expect(paint('new')).toMatch(/^url\(#shade-\d+\)$/);
    expect(paint('below-cut')).toMatch(/^url\(#shade-\d+\)$/);
    expect(paint('unchanged')).toBe('#dcdad5');
    for (const id of [paint('new'), paint('below-cut')]) expect(svg).toContain(`<pattern id="${id.slice(5, -1)}"`);
  });

  test('a missing path of a drawing is told as an interval, not as nothing', () => {
    const cut = { ...small, before: { ...small.before, cut: 20 } };
    expect(draw(judged(cut, { newEmit: 'below-cut' }))).toContain('newEmit  &lt;2.00% → 14.00%');
  });

  test('without normalising, changes are told in the unit', () => {
    const comparison = judged(comparisonOf('a;b 100 300\na;c 100 100', { normalize: false }), { b: 'grew' });
    expect(draw(comparison)).toContain('>▲ b +200 samples<');
  });

  test('widths, title, subtitle, notes, search, direction are as asked for', () => {
    const svg = draw(small, {
      widths: 'before',
      title: 'T&T',
      subtitle: 'sub',
      notes: ['noted'],
      search: 'x',
      inverted: true,
    });
    expect(svg).toContain('data-widths="before"');
    expect(svg).toContain('<title>T&amp;T</title>');
    expect(svg).toContain('data-full="sub  ·  ');
    expect(svg).toContain('data-full="noted"');
    expect(svg).toContain('data-search="x"');
    expect(svg).toContain('data-orientation="down"');
  });

  test('embeds both inputs, or says that it does not', () => {
    const embed = sidesOf('a;b 3 4');
    expect(draw(small, { embed }).match(/<metadata id="pforge-prof-profile-(?:before|after)"/g)).toHaveLength(2);
    expect(draw(small, { embed: false })).toContain('without the profile (--no-embed)');
  });

  test('an empty side, two empty sides, and nothing in common draw', () => {
    const script = pictureScript('diff');
    for (const lines of ['a;b 0 3', 'a;b 3 0', 'a 3 0\nb 0 3']) {
      const svg = draw(comparisonOf(lines));
      expect(checkXml(svg)).toBeUndefined();
      expect(/NaN|Infinity|undefined/.exec(svg.replace(script, ''))).toBeNull();
    }
  });

  test('same comparison and options, same bytes', () => {
    expect(draw(small)).toBe(draw(small));
  });
});

test('hostile names are only ever text', () => {
  const side = (weight: (i: number) => number) => {
    const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
    HOSTILE_NAMES.forEach((name, i) => {
      const stack = builder.stack(builder.stack(-1, builder.frame({ name: 'main' })), builder.frame({ name }));
      builder.sample(stack, [weight(i)]);
    });
    return builder.build();
  };
  const before = side((i) => 10 + i);
  const after = side((i) => 40 - i);
  const comparison = compareProfiles([before], [after], {
    match: 'exact',
    names: { before: HOSTILE_NAMES[0]!, after: HOSTILE_NAMES[1]! },
  });
  const gone = VERDICTS.indexOf('gone');
  const paths = { ...comparison.paths, verdict: comparison.paths.verdict.map((_, i) => (i % 2 === 0 ? gone : 1)) };
  const svg = draw({ ...comparison, paths }, { embed: { before, after } });
  expect(checkXml(svg)).toBeUndefined();
  expect(svg.replace(pictureScript('diff'), '')).not.toMatch(/<script>window|onerror="|<img/);
});

function hasWeight(comparison: Parameters<typeof linesOfComparison>[0], line: string): boolean {
  const path = line.replace(/ 0 0 unchanged$/, '');
  return linesOfComparison(comparison).some((other) => other.startsWith(`${path};`) && !/ 0 0 \S+$/.test(other));
}
