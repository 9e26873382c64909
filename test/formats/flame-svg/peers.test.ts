import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folded } from '../../../src/formats/folded.ts';
import { readProfile } from '../../../src/formats/registry.ts';
import { findTool } from '../../../src/processes/executables.ts';
import { checkProfile } from '../../../src/profile/check.ts';
import type { Profile } from '../../../src/profile/profile.ts';
import { totalWeight } from '../../../src/profile/total.ts';
import { optionalTool } from '../../require-tool.ts';
import { readText, refusal, written } from '../harness.ts';
import { type FoldedLook, inclusiveOfFolded, inclusiveWeights } from './inclusive-weights.ts';

const PEERS = resolve(import.meta.dirname, '../../../../shared/peer-data');
const present = existsSync(join(PEERS, 'svg'));
if (!present) console.log(`skipped: pictures of other tools are not at ${PEERS}`);

const peer = (name: string): string => join(PEERS, 'svg', name);
const textOf = (name: string): string => readFileSync(join(PEERS, name), 'utf8');
const svgs = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? svgs(path) : name.endsWith('.svg') ? [path] : [];
  });

/** `name (1,234 samples, 5.60%)` of every frame, found by a way of its own: what is counted for each name. */
function titledCounts(svg: string): Map<string, number> {
  const counts = new Map<string, number>();
  const isNew = svg.includes('<title>');
  const titles = isNew
    ? svg.matchAll(/<title>([^<]*)<\/title>/g)
    : svg.matchAll(/<rect [^>]*onmouseover="s\('([^"]*)'\)"/g);
  for (const [, title] of titles) {
    const [, titled, count] =
      /^([\s\S]*) \(([\d,]+) [^()]*?, [\d.]+%(?:; [+-]?[\d.]+%)?\)$/.exec(plainText(title!)) ?? [];
    if (titled === undefined) continue;
    const name = titled.trim() || '[unknown]';
    counts.set(name, (counts.get(name) ?? 0) + Number(count!.replaceAll(',', '')));
  }
  return counts;
}

function plainText(text: string): string {
  const entities = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: keyof typeof entities) => entities[name]);
}

/** The same of a profile: the weight of all paths that end in a name. */
function pathCounts(profile: Profile): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [path, weight] of inclusiveWeights(profile)) {
    if (path === '') continue;
    const name = path.slice(path.lastIndexOf('\n') + 1);
    counts.set(name, (counts.get(name) ?? 0) + weight);
  }
  return counts;
}

/** What the counts of these may be off, and why. */
const LIMITS = new Map([
  // Milliseconds rounded one by one: what lies on a frame may weigh one more than the frame
  ['flamegraph-pl-demos/io-mysql.svg', 1],
  ['flamegraph-pl-demos/off-mysql-busy.svg', 1],
]);
/** Several graphs in one; a fork of 2014 whose counts do not add up; titles that are not counts, or multiplied. */
const OTHERS = ['hotcold-kernelthread', 'cpu-ipnet-diff', 'nameattr/', 'factor/', 'empty/'];

describe.skipIf(!present)('every published picture', () => {
  const plain = present ? svgs(peer('.')).map((path) => path.slice(peer('.').length + 1)) : [];

  test.each(plain.filter((name) => !OTHERS.some((other) => name.includes(other))))(
    '%s: every title, and the whole',
    async (name) => {
      const profile = await readProfile(peer(name));
      checkProfile(profile);
      const titles = titledCounts(readFileSync(peer(name), 'utf8'));
      const whole = titles.get('all') ?? titles.get('all samples');
      expect(totalWeight(profile)).toBe(whole);
      titles.delete('all');
      titles.delete('all samples');
      const read = pathCounts(profile);
      const limit = LIMITS.get(name) ?? 0;
      // What weighs nothing is no path
      for (const [title, count] of titles) {
        expect(Math.abs((read.get(title) ?? 0) - count), `${title}: ${count}`).toBeLessThanOrEqual(limit);
      }
      for (const title of read.keys()) expect(titles.has(title), title).toBe(true);
      expect(profile.meta.notes.some((note) => note.includes('do not add up'))).toBe(limit > 0);
    },
  );

  test('of several graphs in one: each of them, each frame once', async () => {
    const profile = await readProfile(peer('flamegraph-pl-demos/hotcold-kernelthread.svg'));
    checkProfile(profile);
    const titles = titledCounts(readFileSync(peer('flamegraph-pl-demos/hotcold-kernelthread.svg'), 'utf8'));
    const read = pathCounts(profile);
    expect([...read.keys()].filter((name) => !titles.has(name))).toEqual([]);
  });

  test('of a fork whose counts do not add up: says so', async () => {
    const profile = await readProfile(peer('flamegraph-pl-demos/cpu-ipnet-diff.svg'));
    checkProfile(profile);
    expect(totalWeight(profile)).toBe(306);
    expect(profile.meta.notes.join()).toMatch(/do not add up.*89 frames/);
  });

  test('of nothing: says so', async () => {
    expect(await refusal(readProfile(peer('inferno/empty/empty.svg')))).toMatch(/drawn of nothing/);
  });
});

describe.skipIf(!present)('gives back what it was drawn of', () => {
  const vertx = 'svg/inferno/unsorted-input/perf-vertx-stacks-01-collapsed-all-unsorted.txt';
  const cycles = 'svg/inferno/differential/perf-cycles-instructions-01-collapsed-all-diff.txt';
  const optionCases = (present ? readdirSync(peer('inferno/options')) : [])
    .filter((name) => !name.includes('truncate-right'))
    .map((name) => `inferno/options/${name}`);
  const cases: [string, string, FoldedLook?][] = [
    ...['.svg', '.icicle.svg', '.minwidth1.svg', '.inferno.svg'].flatMap((end): [string, string][] => [
      [`flamegraph-pl/perf-js-stacks-01${end}`, 'svg/flamegraph-pl/perf-js-stacks-01.folded'],
      [`flamegraph-pl/perf-vertx-stacks-01${end}`, 'svg/flamegraph-pl/perf-vertx-stacks-01.folded'],
    ]),
    ['inferno/austin/flame.svg', 'svg/inferno/austin/flames.txt'],
    ['inferno/colors/async-profiler-java.svg', 'svg/inferno/colors/async-profiler-collapsed-part.txt'],
    ['inferno/colors/deterministic.svg', 'svg/inferno/colors/async-profiler-collapsed-part.txt'],
    ['inferno/colors/js.svg', 'svg/flamegraph-pl/perf-js-stacks-01.folded'],
    ['inferno/differential/diff.svg', cycles],
    ['inferno/differential/diff-negated.svg', cycles],
    ['inferno/factor/factor-2.5.svg', vertx],
    ['inferno/flamechart/flame.svg', 'svg/inferno/flamechart/flames.txt'],
    [
      'inferno/fractional-samples/fractional-reversed.svg',
      'svg/inferno/fractional-samples/fractional.txt',
      { reversed: true, truncated: true },
    ],
    [
      'inferno/fractional-samples/with-space-reversed.svg',
      'svg/inferno/fractional-samples/with-space.txt',
      { reversed: true, truncated: true },
    ],
    ['inferno/grey-frames/grey-frames.svg', 'svg/inferno/grey-frames/grey-frames.txt'],
    ['inferno/inverted/inverted.svg', vertx],
    ['inferno/nameattr/nameattr.svg', cycles, { column: 0 }],
    ['inferno/nameattr/nameattr_duplicate_attributes.svg', cycles, { column: 0 }],
    ['inferno/narrow-blocks/narrow-blocks.svg', 'svg/inferno/narrow-blocks/narrow-blocks.txt'],
    ['inferno/palette-map/consistent-palette.svg', vertx],
    ['inferno/perf-vertx-stacks/perf-vertx-stacks-01-collapsed-all.svg', vertx],
    ['inferno/perf-vertx-stacks/perf-vertx-stacks-01-collapsed-all-reversed-stacks.svg', vertx, { reversed: true }],
    ...optionCases.map((name): [string, string] => [name, name.includes('colordiffusion') ? vertx : cycles]),
  ];

  test.each(cases)('%s of %s', async (picture, folded, look) => {
    const profile = await readProfile(peer(picture));
    const read = inclusiveWeights(profile);
    const drawn = inclusiveOfFolded(textOf(folded), look);
    const cut = profile.meta.cut ?? 0;
    for (const [path, weight] of read) expect([path, drawn.get(path)]).toEqual([path, weight]);
    for (const [path, weight] of drawn) if (!read.has(path)) expect(weight, path).toBeLessThan(cut);
  });
});

test.skipIf(!present).each(['colors/java.svg', 'options/truncate-right.svg'])(
  '%s of a perf script',
  async (picture) => {
    const choices = { kernel: true, jit: true };
    const path = join(PEERS, 'perf-script/flamegraph-pl/perf-java-stacks-01.txt');
    const drawn = written(folded, await readProfile(path, { dialect: 'inferno', choices }));
    expect(inclusiveWeights(await readProfile(peer(`inferno/${picture}`)))).toEqual(inclusiveOfFolded(drawn));
  },
);

describe.skipIf(!present)('differential pictures', () => {
  test.each(['before', 'after'] as const)('%s', async (side) => {
    const text = textOf('svg/inferno/differential/perf-cycles-instructions-01-collapsed-all-diff.txt');
    const profile = await readProfile(peer('inferno/differential/diff.svg'), { choices: { side } });
    expect(inclusiveWeights(profile)).toEqual(inclusiveOfFolded(text, { column: side === 'before' ? 0 : 1 }));
  });
});

/** A program that draws, if it is on PATH. */
const tools = ['flamegraph.pl', 'inferno-flamegraph'].map((name) => [name, findTool(name)] as const);

describe.each(tools)('%s draws', (name, path) => {
  // Some thousand stacks, most of them too narrow for a picture; names with blanks and all that XML minds
  const stacks = Array.from({ length: 8000 }, (_, i) => {
    const depth = 1 + ((i * 7) % 9);
    const names = Array.from({ length: depth }, (_, at) => `f<${(i * (at + 3)) % (at * 4 + 2)}> "&' (x, ${at})`);
    return `main;${names.join(';')};leaf ${i} ${1 + ((i * 7919) % 977) ** 2}`;
  });
  const text = `${stacks.join('\n')}\n`;

  test
    .skipIf(!optionalTool(name, path !== undefined))
    .each([[], ['--inverted'], ['--minwidth', '1'], ['--countname', 'bytes']])(
    '%j: every path that it shows is exact, none is missing that weighs more than the note says',
    async (...options) => {
      const svg = execFileSync(path!, options, { input: text, encoding: 'utf8', maxBuffer: 1 << 28 });
      const profile = await readText(svg);
      const drawn = inclusiveOfFolded(text);
      const found = inclusiveWeights(profile);
      expect(found.size).toBeGreaterThan(30);
      for (const [drawnPath, weight] of found) expect([drawnPath, drawn.get(drawnPath)]).toEqual([drawnPath, weight]);
      const cut = profile.meta.cut ?? 0;
      for (const [drawnPath, weight] of drawn)
        if (!found.has(drawnPath)) expect(weight).toBeLessThanOrEqual(cut * 1.001);
    },
  );
});
