import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FoldedDrawing } from '../../../src/formats/folded/drawing.ts';
import { inputOf } from '../../../src/formats/input.ts';
import { readDrawn, readInput } from '../../../src/formats/registry.ts';
import { frameLabel } from '../../../src/profile/frame-label.ts';
import type { Profile } from '../../../src/profile/profile.ts';
import { unknownAdvice } from '../../../src/profile/unknown.ts';
import {
  drawnLayout,
  type FlameLayout,
  flameLayout,
  groupsOfFrames,
  groupWeights,
} from '../../../src/render/flame-layout.ts';

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Sorted as collapsers do, by stack. */
function textOf(stacks: ReadonlyMap<string, number>): string {
  return [...stacks]
    .sort(([a], [b]) => byBytes(a, b))
    .map(([stack, weight]) => `${stack} ${weight}\n`)
    .join('');
}

async function direct(text: string, minFraction: number, window?: number, total?: number) {
  return new FoldedDrawing(inputOf(text, 'x.folded', 7), minFraction, text.length, total, window).read();
}

function rows(profile: Profile, { tree, nodes, narrow, rows: height }: FlameLayout) {
  return {
    nodes: Array.from(
      nodes,
      (node) =>
        `${tree.depth[node]} ${frameLabel(profile, tree.frame[node]!)} ${tree.start[node]} ${tree.total[node]} ${tree.self[node]}`,
    ),
    narrow,
    height,
    weight: tree.weight,
  };
}

async function expectSame(text: string, minFraction: number, size?: number): Promise<void> {
  const drawn = await direct(text, minFraction, size);
  const profile = await readInput(inputOf(text, 'x.folded'));
  const layout = flameLayout(profile, { minFraction });
  expect(drawn && rows(drawn.profile, drawnLayout(drawn))).toEqual(rows(profile, layout));
  expect(drawn!.samples).toBe(profile.samples.length);
  expect(unknownAdvice(drawn!.profile)).toBe(unknownAdvice(profile));
  const withWeight = (groups: ReadonlyMap<string, number>) => [...groups].filter(([, weight]) => weight > 0).sort();
  const byKind = (of: Profile) => (frame: number) => String(of.frames.kind[frame]);
  expect(withWeight(groupsOfFrames(drawn!.selfOf, byKind(drawn!.profile)))).toEqual(
    withWeight(groupWeights(layout.tree, byKind(profile))),
  );
}

/** Names that begin with one another, so that siblings part what belongs together; and some without a name. */
const name = fc.constantFrom(
  'f',
  'f(int)',
  'f(int)#1',
  'f x',
  'f<T>',
  'g',
  'g_[k]',
  'a::b',
  '[unknown]',
  '[libc.so]',
  'é',
);
const stacks = fc
  .array(fc.tuple(fc.array(name, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 50 })), {
    minLength: 1,
    maxLength: 40,
  })
  .map((lines) => new Map(lines.map(([names, weight]) => [names.join(';'), weight])));

describe('folded text as a picture, around the model', () => {
  test('the same frames in the same places as by the model', async () => {
    await fc.assert(
      fc.asyncProperty(stacks, fc.constantFrom(0, 0.01, 0.05, 0.2, 0.6), async (lines, minFraction) => {
        // `f x 3` would be `f` with two counts, were there nothing else
        lines.set('zz', 1);
        await expectSame(textOf(lines), minFraction, 64);
      }),
      { numRuns: 400 },
    );
  });

  test('a function that siblings part is one frame', async () => {
    const drawn = await direct('a;f 5\na;f(int);x 3\na;f;y 2\n', 0);
    expect(drawn && rows(drawn.profile, drawnLayout(drawn)).nodes).toEqual([
      '0 a 0 10 0',
      '1 f 0 7 5',
      '2 y 5 2 2',
      '1 f(int) 7 3 0',
      '2 x 7 3 3',
    ]);
  });

  test('lines longer than the window, the last one without an end', async () => {
    const long = Array.from({ length: 300 }, (_, i) => `function_${i}`).join(';');
    await expectSame(`${long} 3\n${long};more 4\n${long}x 5`, 0, 16);
  });

  test('a large text: what a guess of its weight leaves out is what is too narrow; a wrong guess is noticed', async () => {
    const lines = (from: number, weight: (i: number) => number) =>
      new Map(
        Array.from({ length: 8000 }, (_, i) => [`main;g${Math.floor(i / 40)};function_${from + i};leaf`, weight(i)]),
      );
    await expectSame(textOf(lines(10_000, (i) => 1 + (i % 7))), 0.0003);
    await expectSame(textOf(lines(10_000, (i) => (i % 500 === 0 ? 400 : 1))), 0.004);
    // All the weight comes first: by it, the rest would be far too narrow
    const heavyFirst = new Map([...lines(10_000, () => 1)].sort().map(([stack], i) => [stack, i < 2000 ? 1000 : 1]));
    const text = textOf(heavyFirst);
    const guessing = new FoldedDrawing(inputOf(text, 'x.folded'), 0.0004, text.length);
    expect(await guessing.read()).toBeUndefined();
    expect(guessing.misjudged).toBe(2_006_000);
    const file = join(mkdtempSync(join(tmpdir(), 'pforge-prof-drawing-')), 'x.folded');
    writeFileSync(file, text);
    const again = await readDrawn(file, 0.0004, {});
    const profile = await readInput(inputOf(text, 'x.folded'));
    expect(rows(again!.profile, drawnLayout(again!))).toEqual(
      rows(profile, flameLayout(profile, { minFraction: 0.0004 })),
    );
    rmSync(dirname(file), { recursive: true });
  });

  test.each([
    ['not sorted', 'b 1\na 1\n'],
    ['a stack behind a longer one', 'a;b 1\na 1\n'],
    ['a comment', '# pforge-prof unit=bytes type=x\na;b 1\n'],
    ['a comment later', 'a;b 1\n# x\nb 1\n'],
    ['no count', 'a;b\n'],
    ['a fraction', 'a;b 1.5\n'],
    ['no weight', 'a;b 0\n'],
    ['two counts', 'a;b 1 2\n'],
    ['a blank line', 'a 1\n\nb 2\n'],
    ['an empty frame', 'a;;b 2\n'],
    ['a blank frame', 'a; ;b 2\n'],
    ['a place in a script', 'a /srv/x.js:1:2 2\n'],
    ['returns', 'a;b 1\r\n'],
    ['beyond UCS-2', 'a;\u{1f600} 1\n'],
    ['nothing', ''],
  ])('left to the model: %s', async (_, text) => {
    expect(await direct(text, 0)).toBeUndefined();
  });
});
