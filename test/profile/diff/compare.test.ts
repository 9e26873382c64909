import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.ts';
import { checkProfile } from '../../../src/profile/check.ts';
import { type CompareOptions, compareProfiles } from '../../../src/profile/diff/compare.ts';
import { changesByEffect } from '../../../src/profile/diff/order.ts';
import type { Profile } from '../../../src/profile/profile.ts';
import { totalWeight } from '../../../src/profile/total.ts';
import { linesOf, profileOf } from '../profile-of.ts';
import { functionRow, pathRow, pathsOf, significantFunctions, significantPaths } from './compared-rows.ts';

const raw: CompareOptions = { normalize: false };

function drawn(text: string, cut: number): Profile {
  return { ...profileOf(text), meta: { notes: [], cut } };
}

describe('weights', () => {
  test('a parent that grew from 13 to 14 has a positive delta, though its own weight fell', () => {
    const comparison = compareProfiles(
      [
        profileOf`
        a;b 10
        a;b;c 3
        a;d 7
      `,
      ],
      [
        profileOf`
        a;b 8
        a;b;c 6
        a;d 6
      `,
      ],
    );
    expect(pathRow(comparison, 'a;b')).toMatchObject({ before: 13, after: 14, delta: 1, verdict: 'unchanged' });
  });

  const before = profileOf`
    a;b 10
    a;c 10
  `;
  const after = profileOf`
    a;b 30
    a;c 10
  `;

  test('are compared as parts of the whole', () => {
    const comparison = compareProfiles([before], [after], { names: { before: 'x.svg', after: 'y.svg' } });
    expect(comparison.scale).toBe(2);
    expect(pathRow(comparison, 'a;b').delta).toBe(10);
    expect(pathRow(comparison, 'a;c').delta).toBe(-10);
    expect(comparison.before).toEqual({ name: 'x.svg', total: 20, samples: 20, runs: 1, cut: 0 });
    expect(comparison.after).toMatchObject({ name: 'y.svg', total: 40, samples: 40 });
  });

  test('or as they are', () => {
    const comparison = compareProfiles([before], [after], raw);
    expect(comparison.scale).toBe(1);
    expect(pathRow(comparison, 'a;b').delta).toBe(20);
    expect(pathRow(comparison, 'a;c').delta).toBe(0);
  });

  test('a recursive function counts once, its self weights are those of all its frames', () => {
    const comparison = compareProfiles([profileOf`f;f;g;f 3`], [profileOf`f;f;g;f 5`], raw);
    expect(functionRow(comparison, 'f')).toMatchObject({ before: 3, after: 5, delta: 2, selfBefore: 3, selfAfter: 5 });
    expect(functionRow(comparison, 'g')).toMatchObject({ before: 3, after: 5, selfBefore: 0, selfAfter: 0 });
  });

  test('the union has equal paths once, callers before callees, both self weights, and what has no stack', () => {
    const comparison = compareProfiles(
      [
        profileOf`
        a;b.cold 1
        a;b 2
        a 4
        8
      `,
      ],
      [
        profileOf`
        a;c 3
        a;b.part.1 2
      `,
      ],
    );
    const { profile } = comparison;
    checkProfile(profile);
    expect(profile.valueTypes).toEqual([
      { type: 'samples before', unit: 'count' },
      { type: 'samples', unit: 'count' },
    ]);
    expect(linesOf(profile, 0)).toEqual(['a 4', 'a;b.part.1 3', 'a;c 0', '8']);
    expect(linesOf(profile, 1)).toEqual(['a 0', 'a;b.part.1 2', 'a;c 3', '0']);
    expect(comparison.paths.length).toBe(profile.stacks.length);
  });

  test('names are those of the after side, of the heaviest frame; of the before side where it is gone', () => {
    const comparison = compareProfiles(
      [
        profileOf`
        old /a.js:1:1 4
        work /a.js:2:1 4
      `,
      ],
      [
        profileOf`
        work /a.js:5:1 1
        work /a.js:7:1 3
      `,
      ],
    );
    expect(pathsOf(comparison).sort()).toEqual(['old /a.js:1:1', 'work /a.js:7:1']);
  });

  test('of several runs are means', () => {
    const comparison = compareProfiles([profileOf`a 1`, profileOf`a 3`], [profileOf`a 6`], raw);
    expect(pathRow(comparison, 'a')).toMatchObject({ before: 2, after: 6, delta: 4 });
    expect(comparison.before).toMatchObject({ total: 2, samples: 4, runs: 2 });
  });

  test('stacks 100,000 deep are data', () => {
    const deep = profileOf(`${'f;'.repeat(100_000)}g 5`);
    expect(compareProfiles([deep], [deep]).paths.length).toBe(100_001);
  });
});

describe('what cannot be compared', () => {
  const cpu = { valueTypes: [{ type: 'cpu', unit: 'nanoseconds' }] };

  test('different weights are refused, with what each side has', () => {
    const bytes = profileOf('a 1', { valueTypes: [{ type: 'space', unit: 'bytes' }] });
    expect(() => compareProfiles([profileOf('a 1', cpu)], [bytes])).toThrow(
      new UserError('the two sides measure different things: cpu (nanoseconds) and space (bytes)', {
        hint: 'compare recordings of the same event',
      }),
    );
    expect(() => compareProfiles([], [bytes])).toThrow(RangeError);
  });

  test('CPU time is one thing, whatever profilers call it', () => {
    const clock = profileOf('a 5', { valueTypes: [{ type: 'cpu-clock', unit: 'nanoseconds' }] });
    expect(pathRow(compareProfiles([profileOf('a 3', cpu)], [clock], raw), 'a')).toMatchObject({ before: 3, after: 5 });
  });

  test('a weight that both have is taken where the defaults differ', () => {
    const both = compareProfiles([profileOf`a 2,700`], [profileOf`a 5`], raw);
    expect(both.unit).toEqual({ type: 'samples', unit: 'count' });
    expect(pathRow(both, 'a')).toMatchObject({ before: 2, after: 5 });
  });

  test('without counts of samples nothing is tested, which is said', () => {
    const comparison = compareProfiles([profileOf('a;b 5000000', cpu)], [profileOf('a;b 9000000', cpu)]);
    expect(pathRow(comparison, 'a;b')).toMatchObject({ p: Number.NaN, low: Number.NaN, verdict: 'untested' });
    expect(comparison.before.samples).toBeUndefined();
    expect(comparison.notes).toEqual([
      'how many samples were taken is not known: no change could be tested for significance',
    ]);
  });

  test('a side that weighs nothing', () => {
    const comparison = compareProfiles([profileOf`a 0`], [profileOf`a 9`]);
    expect(pathRow(comparison, 'a').verdict).toBe('untested');
    expect(comparison.notes).toEqual(['the before side weighs nothing: there is nothing to compare with']);
  });
});

describe('verdicts', () => {
  test('new and gone', () => {
    const comparison = compareProfiles(
      [
        profileOf`
        main;rest 1000
        main;old 100
      `,
      ],
      [
        profileOf`
        main;rest 1000
        main;fresh 100
      `,
      ],
    );
    expect(significantPaths(comparison)).toEqual(['main;fresh new', 'main;old gone']);
    expect(significantFunctions(comparison)).toEqual(['fresh new', 'old gone']);
    expect(comparison.significant).toBe(2);
    expect(pathRow(comparison, 'main;old').high).toBeLessThan(0);
    expect(pathRow(comparison, 'main;fresh').low).toBeGreaterThan(0);
  });

  test('one function became slower: it and its callers grew, the others did not shrink though their parts did', () => {
    const costs = ['b;c 3000', 'b;d 1000', 'e;f 2500', 'e;g 1500', 'h 2000'];
    const text = (slower: number) => [`main;b;slow ${slower}`, ...costs.map((line) => `main;${line}`)].join('\n');
    const comparison = compareProfiles([profileOf(text(4000))], [profileOf(text(6000))]);
    expect(significantPaths(comparison)).toEqual(['main;b grew', 'main;b;slow grew']);
    const other = pathRow(comparison, 'main;e;f');
    expect(other.high).toBeLessThan(0);
    expect(other.verdict).toBe('unchanged');
    expect(comparison.reference).toBeCloseTo(1, 6);
  });

  test('the whole twice as long, but for one function', () => {
    const text = (times: number, one: number) =>
      [`main;one ${one}`, ...Array.from({ length: 8 }, (_, i) => `main;f${i} ${times * (800 + 50 * i)}`)].join('\n');
    const comparison = compareProfiles([profileOf(text(1, 2000))], [profileOf(text(2, 2000))]);
    expect(significantPaths(comparison)).toEqual(['main;one shrank']);
    expect(comparison.reference).toBeCloseTo(2, 1);
    expect(significantPaths(compareProfiles([profileOf(text(1, 2000))], [profileOf(text(2, 2000))], raw))).toContain(
      'main;f3 grew',
    );
  });

  test('where functions agree on no scale both parts changed, which is said', () => {
    const comparison = compareProfiles(
      [profileOf('main;a 5000\nmain;b 5000')],
      [profileOf('main;a 24000\nmain;b 20000')],
    );
    expect(significantPaths(comparison)).toEqual(['main;a grew', 'main;b shrank']);
    expect(comparison.reference).toBeUndefined();
    expect(comparison.notes).toEqual([
      'functions agree on no common scale: some parts of the whole may have changed only because others did',
    ]);
  });

  test('no interval reaches beyond the whole', () => {
    const comparison = compareProfiles([profileOf('a 60\nb 1')], [profileOf('c 50\nb 1')]);
    expect(pathRow(comparison, 'a').low).toBe(-51);
    expect(pathRow(comparison, 'c').high).toBe(51);
  });

  test('a change below the threshold is none, however certain', () => {
    const sides = [[profileOf('main;a 100000\nmain;b 8000000')], [profileOf('main;a 120000\nmain;b 8000000')]] as const;
    expect(significantPaths(compareProfiles(...sides))).toEqual([]);
    expect(significantPaths(compareProfiles(...sides, { threshold: 0 }))).toContain('main;a grew');
  });

  test('a change of few samples is none, however large', () => {
    const comparison = compareProfiles([profileOf('main;a 2\nmain;b 18')], [profileOf('main;a 6\nmain;b 14')]);
    expect(significantPaths(comparison)).toEqual([]);
  });

  test('what runs in interrupts is the machine, not the program', () => {
    const text = (irq: number) => `main;f 5000\nmain;f;asm_sysvec_apic_timer_interrupt;handle_softirqs ${irq}`;
    expect(significantPaths(compareProfiles([profileOf(text(10))], [profileOf(text(300))]))).toEqual([]);
    const named = (other: number) => `main;f 5000\nmain;f;my_interrupt ${other}`;
    expect(significantPaths(compareProfiles([profileOf(named(10))], [profileOf(named(300))]))).not.toEqual([]);
  });
});

describe('what only warms up, in a program with a just-in-time compiler', () => {
  const times = (text: string) =>
    profileOf(
      text
        .split('\n')
        .map((line, i) => `[w 1/2] ${line} @${i}`)
        .join('\n'),
    );
  /** 1000 samples of which some of the first are in `slow`, once it is compiled all are in `run`. */
  const timed = (slow: number, kind: string) =>
    times(
      Array.from({ length: 1000 }, (_, i) => (i < slow ? `main;run;slow{${kind}} 1` : `main;run${i % 3} 1`)).join('\n'),
    );
  const untimed = (slow: number, kind: string) => profileOf(`main;run 1000\nmain;run;slow{${kind}} ${slow}`);

  test('is no change of one run', () => {
    expect(significantFunctions(compareProfiles([timed(10, 'jit')], [timed(60, 'jit')]))).toEqual([]);
    expect(significantFunctions(compareProfiles([untimed(5, 'jit')], [untimed(35, 'jit')]))).toEqual([]);
  });

  test('is one without such a compiler', () => {
    expect(significantFunctions(compareProfiles([timed(10, 'app')], [timed(60, 'app')]))).toContain('slow grew');
    expect(significantFunctions(compareProfiles([untimed(5, 'app')], [untimed(35, 'app')]))).toContain('slow grew');
  });
});

describe('drawings that left out what is light', () => {
  const rest = 'main;rest 9000';

  test('a path that one of them lacks is neither new nor gone', () => {
    const whole = profileOf(`${rest}\nmain;a 800\nmain;a;small 60`);
    const comparison = compareProfiles([whole], [drawn(`${rest}\nmain;a 860`, 100)]);
    expect(pathRow(comparison, 'main;a;small')).toMatchObject({ before: 60, after: 0, verdict: 'below-cut' });
    const { low, high } = pathRow(comparison, 'main;a;small');
    expect(low).toBeLessThan(-60);
    expect(high).toBeGreaterThan(40);
    expect(functionRow(comparison, 'small').verdict).toBe('below-cut');
    const turned = compareProfiles([drawn(`${rest}\nmain;a 860`, 100)], [whole]);
    expect(pathRow(turned, 'main;a;small').verdict).toBe('below-cut');
  });

  test('where even the most that was left out is a change, it is one', () => {
    const comparison = compareProfiles(
      [profileOf(`${rest}\nmain;a 300\nmain;a;large 700`)],
      [drawn(`${rest}\nmain;a 1000`, 100)],
    );
    expect(pathRow(comparison, 'main;a;large').verdict).toBe('shrank');
    expect(pathRow(comparison, 'main;a').verdict).toBe('unchanged');
  });

  test('a caller without weight of its own hides nothing', () => {
    const comparison = compareProfiles(
      [profileOf(`${rest}\nmain;a;b 900\nmain;a;c 700`)],
      [drawn(`${rest}\nmain;a;b 1600`, 800)],
    );
    expect(pathRow(comparison, 'main;a;c').verdict).toBe('gone');
  });

  test('without counts it is still told from what could not be tested', () => {
    const bytes = { valueTypes: [{ type: 'space', unit: 'bytes' }] };
    const comparison = compareProfiles(
      [profileOf('a 10\na;b 5', bytes)],
      [{ ...profileOf('a 15', bytes), meta: { notes: [], cut: 8 } }],
    );
    expect(pathRow(comparison, 'a;b').verdict).toBe('below-cut');
    expect(pathRow(comparison, 'a').verdict).toBe('untested');
  });
});

describe('several runs a side', () => {
  const run = (f: number) => profileOf(`main;f ${f}\nmain;g 5000\nmain;h 4000`);

  test('what differs between runs of one side as much as between sides is no change', () => {
    const comparison = compareProfiles([run(3000), run(3900), run(3300)], [run(3500), run(4300), run(3700)]);
    expect(significantPaths(comparison)).toEqual([]);
  });

  test('what all runs agree on is one', () => {
    const comparison = compareProfiles([run(3000), run(3030), run(2980)], [run(3500), run(3550), run(3490)]);
    expect(significantPaths(comparison)).toEqual(['main;f grew']);
  });
});

describe('several runs without counts of samples', () => {
  const bytes = [{ type: 'space', unit: 'bytes' }];
  const run = (f: number) => profileOf(`main;f ${f}\nmain;g 500000\nmain;h 400000`, { valueTypes: bytes });

  test('what all runs agree on is a change', () => {
    const comparison = compareProfiles([run(30000), run(30300), run(29800)], [run(60000), run(60500), run(59900)]);
    expect(significantPaths(comparison)).toEqual(['main;f grew']);
    expect(comparison.before.samples).toBeUndefined();
    expect(comparison.notes).toEqual([]);
  });

  test('what differs between runs of one side as much as between sides is none', () => {
    const comparison = compareProfiles([run(30000), run(59000), run(33000)], [run(35000), run(63000), run(37000)]);
    expect(significantPaths(comparison)).toEqual([]);
  });

  test('one run on either side says nothing of chance', () => {
    const comparison = compareProfiles([run(30000)], [run(60000), run(60500)]);
    expect(pathRow(comparison, 'main;f').verdict).toBe('untested');
  });
});

test('rows come by effect, what is significant first', () => {
  const comparison = compareProfiles(
    [profileOf('main;a 100\nmain;b 4000\nmain;c 3000\nmain;d 3000')],
    [profileOf('main;a 500\nmain;b 4100\nmain;c 2950\nmain;d 2900')],
  );
  const rows = [...changesByEffect(comparison.paths)].map((row) => pathsOf(comparison)[row]);
  expect(rows[0]).toBe('main;a');
  expect(rows).toHaveLength(5);
});

test('the weight of both sides is kept', () => {
  const before = profileOf('a;b 3\na 4\n5');
  const after = profileOf('a;c 30\nd 40');
  const { profile } = compareProfiles([before], [after]);
  expect([totalWeight(profile, 0), totalWeight(profile, 1)]).toEqual([12, 70]);
});
