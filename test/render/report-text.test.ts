import { describe, expect, test } from 'vitest';
import { ProfileBuilder } from '../../src/profile/builder.ts';
import { callersText } from '../../src/render/callers-text.ts';
import { groupText } from '../../src/render/group-text.ts';
import { treeText } from '../../src/render/tree-text.ts';
import { stringWidth } from '../../src/terminal/string-width.ts';
import { deepProfile } from '../profile/deep-profile.ts';
import { profileOf } from '../profile/profile-of.ts';
import { HOSTILE_NAMES } from './hostile-names.ts';

const profile = profileOf`
  main{app,module=a.out};parse /a/p.js:3:1{app};scan{native,module=libc.so} 30
  main{app,module=a.out};parse /a/p.js:3:1{app} 4
  main{app,module=a.out};render{app} 65
  main{app,module=a.out};rare 1
`;
const unsafe = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

function hostile() {
  const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
  let stack = -1;
  for (const name of HOSTILE_NAMES) {
    stack = builder.stack(stack, builder.frame({ name, file: name, line: 3, module: name }));
    builder.sample(stack, [1], undefined, builder.thread({ pid: 1, tid: 1, process: name, name }));
  }
  return builder.build();
}

describe('treeText', () => {
  test('callers above callees, heaviest first, light subtrees left out', () => {
    expect(treeText(profile, { minPercent: 2 })).toBe(`100 samples  subtrees below 2% left out

  total    self  function
 100.0%    0.0%  main a.out
  65.0%   65.0%  ├─ render
  34.0%    4.0%  └─ parse /a/p.js:3
  30.0%   30.0%     └─ scan libc.so
`);
    expect(treeText(profile, { minPercent: 0 })).toMatch(/└─ rare\n$/);
  });

  test('branches of several subtrees', () => {
    const lines = treeText(profileOf`
      a;b;c 4
      a;b;d 3
      a;e;f 2
      g 1
    `).split('\n');
    expect(lines.slice(3, -1).map((line) => line.slice(17))).toEqual([
      'a',
      '├─ b',
      '│  ├─ c',
      '│  └─ d',
      '└─ e',
      '   └─ f',
      'g',
    ]);
  });

  test('100,000 deep: every frame on a line of its own, none long', () => {
    const lines = treeText(deepProfile()).trimEnd().split('\n');
    expect(lines).toHaveLength(100_000 + 3);
    expect(lines.at(-1)).toBe(' 100.0%  100.0%  … 99999 └─ f99999');
    expect(lines.reduce((most, line) => Math.max(most, line.length), 0)).toBeLessThan(200);
  });

  test('no line is wider than asked for; names drive nothing', () => {
    for (const width of [40, 80, 120]) {
      for (const line of treeText(hostile(), { width, minPercent: 0 }).split('\n')) {
        expect(stringWidth(line), line).toBeLessThanOrEqual(width);
        expect(line).not.toMatch(unsafe);
      }
    }
  });
});

describe('callersText', () => {
  test('shares are of the function, the heading compares it with the whole', () => {
    expect(callersText(profile, { direction: 'callers', pattern: /scan/, asked: 'scan' })).toBe(
      `callers of scan: 30, 30.0% of all

  total    self  function
 100.0%    0.0%  scan libc.so
 100.0%    0.0%  └─ parse /a/p.js:3
 100.0%  100.0%     └─ main a.out
`,
    );
    expect(callersText(profile, { direction: 'callees', pattern: /parse/, asked: 'parse' })).toMatch(
      /^callees of parse: 34, 34\.0% of all\n[\s\S]* 88\.2% +88\.2% {2}└─ scan libc\.so\n$/,
    );
  });

  test('names and the question drive nothing', () => {
    const text = callersText(hostile(), { direction: 'callees', pattern: /./u, asked: '\u001b[31m' });
    expect(text).not.toMatch(unsafe);
  });
});

describe('groupText', () => {
  test('a table by module, with the number of rows that are not shown', () => {
    expect(groupText(profile, { grouping: 'module', limit: 1 })).toBe(`100 samples

self      %  total       %  module
  70  70.0%    100  100.0%  [unknown]
... 2 more
`);
  });

  test('names drive nothing', () => {
    for (const grouping of ['module', 'file', 'thread', 'kind'] as const) {
      expect(groupText(hostile(), { grouping, limit: 100 })).not.toMatch(unsafe);
    }
  });
});
