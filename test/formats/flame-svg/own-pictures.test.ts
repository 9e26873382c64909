import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { embeddedElement } from '../../../src/embedded/element.ts';
import { flameSvg as format } from '../../../src/formats/flame-svg.ts';
import { inputOf } from '../../../src/formats/input.ts';
import { detectFormat, readInput } from '../../../src/formats/registry.ts';
import { ProfileBuilder } from '../../../src/profile/builder.ts';
import type { Profile } from '../../../src/profile/profile.ts';
import { totalWeight } from '../../../src/profile/total.ts';
import { compactSvg } from '../../../src/render/compact/compact-svg.ts';
import { type FlameSvgOptions, flameSvg } from '../../../src/render/flame-svg.ts';
import { sumsByStack } from '../../embedded/sums-by-stack.ts';
import { arbitraryProfile } from '../../profile/arbitrary-profile.ts';
import { profileOf } from '../../profile/profile-of.ts';
import { HOSTILE_NAMES } from '../../render/hostile-names.ts';
import { profileOrError, readText, refusal } from '../harness.ts';
import { inclusiveWeights } from './inclusive-weights.ts';

const drawers = { compact: compactSvg, classic: flameSvg } as const;

function drawn(kind: keyof typeof drawers, profile: Profile, options: FlameSvgOptions = {}): string {
  return [...drawers[kind].render(profile, options)].join('');
}

/** What is known of a profile, whatever the order of its tables. */
function known(profile: Profile): unknown {
  const { notes, format: _format, ...meta } = profile.meta;
  return { sums: sumsByStack(profile), valueTypes: profile.valueTypes, threads: profile.threads, meta, notes };
}

describe.each(['compact', 'classic'] as const)('the %s picture', (kind) => {
  test('gives the very profile back, whatever was drawn of it', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryProfile, fc.boolean(), async (profile, inverted) => {
        const svg = drawn(kind, profile, { inverted, minWidth: 100, width: 300 });
        expect(detectFormat(inputOf(svg, 'x')).id).toBe('flame-svg');
        expect(known(await readInput(inputOf(svg, 'x'), { allowEmpty: true }))).toEqual(known(profile));
      }),
      { numRuns: 60 },
    );
  });

  test('names that break tools come back', async () => {
    const builder = new ProfileBuilder([{ type: 'cpu', unit: 'nanoseconds' }]);
    for (const name of HOSTILE_NAMES)
      builder.sample(builder.stack(-1, builder.frame({ name, file: name, module: name })), [1.25]);
    const profile = builder.build();
    expect(known(await readText(drawn(kind, profile)))).toEqual(known(profile));
  });

  test('100,000 frames deep', async () => {
    const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
    let stack = -1;
    for (let i = 0; i < 100_000; i++) stack = builder.stack(stack, builder.frame({ name: `f${i % 3}` }));
    builder.sample(stack, [7]);
    expect((await readText(drawn(kind, builder.build()))).stacks.length).toBe(100_000);
  });

  test('cut at any byte it is the profile, or an error: never another profile', async () => {
    const profile = profileOf('main;a 3\nmain;b 4\n');
    const svg = Buffer.from(drawn(kind, profile).replace(/<script>[\s\S]*?<\/script>|<style>[\s\S]*?<\/style>/g, ''));
    const outcomes = new Set<string>();
    for (let end = 0; end <= svg.length; end++) {
      const read = await profileOrError(inputOf(svg.subarray(0, end), 'x'), format);
      if (read !== undefined) expect(sumsByStack(read)).toEqual(sumsByStack(profile));
      outcomes.add(read === undefined ? 'error' : 'profile');
    }
    expect(outcomes.size).toBe(2);
  });

  test('a block that was changed is refused, not read past', async () => {
    const svg = drawn(kind, profileOf('main;a 3\nmain;b 4\n'));
    const broken = svg.replace(
      /(data-version="1">\n.{20})(.)/,
      (_, before, letter) => `${before}${letter === 'A' ? 'B' : 'A'}`,
    );
    expect(broken).not.toBe(svg);
    expect(await refusal(readText(broken))).toMatch(/^x: the profile in it is broken: /);
    const later = svg.replace('data-version="1"', 'data-version="2"');
    expect(await refusal(readText(later))).toMatch(/is of version "2": read it with a newer/);
  });
});

test('of two sides each is told apart, exactly', async () => {
  const [before, after] = [profileOf('main;a 3\nmain;b 4\n'), profileOf('main;a 5\nmain;c 1.5\n')];
  const blocks = [...embeddedElement(before, 'before'), ...embeddedElement(after, 'after')].join('');
  const svg = drawn('compact', after, { embed: false }).replace('<svg id="frames"', `${blocks}$&`);
  const side = (choice?: 'before' | 'after') =>
    readInput(inputOf(svg, 'x'), choice === undefined ? {} : { choices: { side: choice } });
  expect(sumsByStack(await side('before'))).toEqual(sumsByStack(before));
  expect(sumsByStack(await side('after'))).toEqual(sumsByStack(after));
  const unasked = await side();
  expect(sumsByStack(unasked)).toEqual(sumsByStack(after));
  expect(unasked.meta.notes.join()).toMatch(/--side before/);
});

test('a side of what has none is refused', async () => {
  const svg = drawn('classic', profileOf('main;a 3'));
  for (const text of [svg, drawn('classic', profileOf('main;a 3'), { embed: false })]) {
    expect(await refusal(readInput(inputOf(text, 'x'), { choices: { side: 'before' } }))).toMatch(
      /no differential graph/,
    );
  }
});

describe('without the profile', () => {
  const wide = (): Profile => {
    const builder = new ProfileBuilder([{ type: 'cpu', unit: 'nanoseconds' }]);
    for (let i = 0; i < 3000; i++) {
      const main = builder.stack(-1, builder.frame({ name: `main${i % 7}` }));
      builder.sample(builder.stack(main, builder.frame({ name: `f ${i}` })), [1 + ((i * 7919) % 3000) ** 2 / 4]);
    }
    return builder.build();
  };

  test('the classic picture gives every path that it shows, and says how much it does not', async () => {
    const profile = wide();
    const read = await readText(drawn('classic', profile, { embed: false }));
    expect(read.valueTypes).toEqual(profile.valueTypes);
    const whole = inclusiveWeights(profile);
    const found = inclusiveWeights(read);
    expect(totalWeight(read)).toBeCloseTo(totalWeight(profile), 0);
    expect(found.size).toBeGreaterThan(1000);
    expect(found.size).toBeLessThan(whole.size);
    for (const [path, weight] of found) expect(weight).toBeCloseTo(whole.get(path)!, 1);
    for (const [path, weight] of whole) if (!found.has(path)) expect(weight).toBeLessThan(read.meta.cut!);
    expect(read.meta.notes.join()).toMatch(
      /frames were too narrow to draw: what they weigh \([\d.]+%\) counts for their callers/,
    );
  });

  test('the classic picture that shows everything gives everything', async () => {
    const profile = wide();
    const read = await readText(drawn('classic', profile, { embed: false, minWidth: 0 }));
    expect(inclusiveWeights(read).size).toBe(inclusiveWeights(profile).size);
    expect(read.meta.cut).toBeUndefined();
    expect(read.meta.notes).toEqual([]);
  });
});
