import { describe, expect, test } from 'vitest';
import { parseFrameTitle } from '../../../src/formats/flame-svg/title.ts';
import { flameSvg } from '../../../src/formats/flame-svg.ts';
import { inputOf } from '../../../src/formats/input.ts';
import { detectFormat } from '../../../src/formats/registry.ts';
import { profileOrError, readText, refusal } from '../harness.ts';
import { drawnAs } from './dialects.ts';

const small = drawnAs(
  'inferno',
  new Map([
    ['a;b', 3],
    ['a;c', 4],
  ]),
);

describe('what is no flame graph gets one clear line', () => {
  test.each([
    [
      'a drawing',
      '<svg xmlns="http://www.w3.org/2000/svg"><rect x="1" y="2" width="3" height="4"/></svg>',
      /this is an SVG but no flame graph/,
    ],
    [
      'a chart whose bars have titles',
      '<svg><g><title>May (12%)</title><rect x="1" y="2" width="3" height="4"/></g></svg>',
      /this is an SVG but no flame graph/,
    ],
    [
      'a chart of a heap over time, whose legend has titles and no places',
      '<svg class="pforge-heap"><g><title>[stacks]</title><rect width="12" height="12"/></g></svg>',
      /this is an SVG but no flame graph/,
    ],
    [
      'one that was drawn of nothing',
      '<svg onload="init(evt)"><text x="1">ERROR: No valid input provided to flamegraph</text></svg>',
      /drawn of nothing/,
    ],
    ['frames that are nowhere', small.replace(/width="[\d.]+%"/, ''), /a frame is nowhere/],
    [
      'a picture upside down in itself',
      small.replace(/y="(\d+)"([^>]*fg:w="7")/, 'y="500"$2').replace(/y="\d+"([^>]*fg:w="3")/, 'y="900"$1'),
      /no flame graph|frames lie/,
    ],
  ])('%s', async (_what, svg, message) => {
    expect(detectFormat(inputOf(svg, 'x')).id).toBe('flame-svg');
    expect(await refusal(readText(svg))).toMatch(message);
  });

  test('other XML and HTML are not claimed', () => {
    for (const text of ['<html><svg></svg></html>', '<?xml version="1.0"?><trace-toc/>', '<svgx>', 'svg', '']) {
      expect(flameSvg.detect(Buffer.from(text)), text).toBe('no');
    }
  });

  test('a long comment in front does not hide it', () => {
    expect(
      flameSvg.detect(Buffer.from(`<?xml version="1.0"?>\n<!-- flame graph ${'x'.repeat(5000)}`).subarray(0, 4096)),
    ).toBe('maybe');
  });
});

describe('nothing is fetched, expanded or believed', () => {
  const withDoctype = (doctype: string): string => small.replace(/<!DOCTYPE[^>]*>/, doctype);
  test.each([
    ['an external entity', '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'],
    ['a billion laughs', '<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'],
    ['a parameter entity', '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x.dtd" [ %x; ]>'],
    ['a declaration without end', `<!DOCTYPE svg ${'x'.repeat(100_000)}`],
  ])('%s is refused', async (_what, doctype) => {
    expect(await refusal(readText(withDoctype(doctype)))).toMatch(/document type declarations? with content|not read/);
  });

  test('entities that nobody declared are refused', async () => {
    expect(await refusal(readText(small.replace('b (3', '&nbsp;b (3')))).toMatch(/stands for no character/);
  });

  test('100,000 elements deep', async () => {
    const deep = small.replace('<g>', '<g>'.repeat(100_000)).replace('</g>', '</g>'.repeat(100_000));
    expect((await readText(deep)).stacks.length).toBe(3);
  });

  test('titles of a megabyte of parentheses take linear time', () => {
    for (const part of [' (', ' (1', ' (1 a', ', ', ' (1,1', ', 1%']) {
      const text = `${part.repeat(1_000_000 / part.length)}, 1.00%)`;
      parseFrameTitle(text);
      parseFrameTitle(`${text}x`);
    }
  });

  test('counts that cannot be are made to fit, in little time', async () => {
    const many = Array.from(
      { length: 20_000 },
      (_, i) =>
        `<g><title>f${i} (9 samples, 1.00%)</title><rect x="${10 + i / 100}" y="20" width="0.01" height="15"/></g>`,
    );
    const root = '<g><title>all (10 samples, 100%)</title><rect x="10" y="36" width="1180" height="15"/></g>';
    const profile = await readText(`<svg onload="init(evt)">${root}${many.join('')}</svg>`);
    expect(profile.meta.notes.join()).toMatch(/do not add up/);
  });

  test('cut anywhere, of a picture of another tool nothing is read', async () => {
    for (let end = 0; end < small.length - 1; end++) {
      expect(await profileOrError(inputOf(small.slice(0, end), 'x'), flameSvg), `${end}`).toBeUndefined();
    }
  });

  test('any byte changed gives a profile or an error', async () => {
    const bytes = Buffer.from(small);
    for (let at = 0; at < bytes.length; at++) {
      for (const byte of [0, 0x3c, 0x22, 0x39, 0xff]) {
        const changed = Buffer.from(bytes);
        changed[at] = byte;
        await profileOrError(inputOf(changed, 'x'), flameSvg);
      }
    }
  });
});
