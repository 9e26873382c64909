import { describe, expect, test } from 'vitest';
import { filter } from '../../src/profile/filter.ts';
import { linesOf, profileOf } from './profile-of.ts';

const profile = profileOf`
  main;parse;read 3
  main;work /app/a.js:1;read 4
  main;idle 5
  6
`;

function lines(options: Parameters<typeof filter>[1]): string[] {
  return linesOf(filter(profile, options).profile);
}

describe('focus keeps the samples with a matching frame', () => {
  test('anywhere in the stack', () => {
    expect(lines({ focus: /^parse$/ })).toEqual(['main;parse;read 3']);
    expect(lines({ focus: /main/ })).toHaveLength(3);
  });

  test('by file', () => {
    expect(lines({ focus: /\/app\// })).toEqual(['main;work /app/a.js:1;read 4']);
    expect(lines({ focus: /^work \/app\/a\.js$/ })).toHaveLength(1);
  });

  test('and says what it dropped, for each value type', () => {
    const two = profileOf`
      main;a 1,100
      main;b 2,300
      3,500
    `;
    expect(filter(two, { focus: /^a$/ }).dropped).toEqual([5, 800]);
    expect(filter(two, { focus: /nothing/ }).dropped).toEqual([6, 900]);
  });

  test('a pattern that matches the empty text matches no sample without a stack', () => {
    expect(filter(profile, { focus: /^/ }).dropped).toEqual([6]);
  });
});

describe('ignore drops them', () => {
  test('and keeps samples without a stack', () => {
    expect(lines({ ignore: /read/ })).toEqual(['main;idle 5', '6']);
    expect(lines({ ignore: /^/ })).toEqual(['6']);
  });

  test('after focus', () => {
    expect(lines({ focus: /read/, ignore: /parse/ })).toEqual(['main;work /app/a.js:1;read 4']);
  });
});

describe('hide takes frames out', () => {
  test('in the middle: callees are called by the caller', () => {
    expect(lines({ hide: /parse|work/ })).toEqual(['main;read 3', 'main;read 4', 'main;idle 5', '6']);
  });

  test('at the leaf: the weight falls to the caller', () => {
    expect(lines({ hide: /read|idle/ })).toEqual(['main;parse 3', 'main;work /app/a.js:1 4', 'main 5', '6']);
  });

  test('all of a stack: the weight stays, without a stack', () => {
    expect(lines({ hide: /^/ })).toEqual(['3', '4', '5', '6']);
  });

  test('focus still sees the frames that hide takes out', () => {
    expect(lines({ focus: /parse/, hide: /parse/ })).toEqual(['main;read 3']);
  });
});

test('flags g and y leave no state behind, and none is changed', () => {
  const same = profileOf`
    aa;b 1
    ba;c 1
    ab;d 1
  `;
  for (const pattern of [/a/g, /a/y, /A/giy]) {
    pattern.lastIndex = 1;
    for (let call = 0; call < 3; call++) expect(filter(same, { focus: pattern }).dropped).toEqual([0]);
    expect(pattern.lastIndex).toBe(1);
  }
});

test('the pattern runs on distinct frames, not on samples', () => {
  let calls = 0;
  class Counted extends RegExp {
    override test(text: string): boolean {
      calls++;
      return super.test(text);
    }
  }
  const many = profileOf(Array.from({ length: 1000 }, () => 'main;a 1').join('\n'));
  const pattern = new Counted('a');
  expect(filter(many, { focus: pattern }).dropped).toEqual([0]);
  expect(calls).toBeLessThanOrEqual(many.frames.length * 2);
});

test('times and threads stay with their samples', () => {
  const timed = profileOf`
    [node 1/1] a 1 @10
    [node 1/2] b 2 @20
  `;
  const { samples, threads } = filter(timed, { focus: /b/ }).profile;
  expect([...samples.time!]).toEqual([20]);
  expect(threads[samples.thread![0]!]).toMatchObject({ tid: 2 });
});

test('without options nothing changes', () => {
  expect(filter(profile, {})).toEqual({ profile, dropped: [0] });
});
