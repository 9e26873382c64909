import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readProfile } from '../../src/formats/registry.ts';
import { ProfileBuilder } from '../../src/profile/builder.ts';
import type { Profile } from '../../src/profile/profile.ts';
import { type FlameTextOptions, flameText } from '../../src/render/flame-text.ts';
import { stringWidth } from '../../src/terminal/string-width.ts';
import { arbitraryProfile } from '../profile/arbitrary-profile.ts';
import { deepProfile } from '../profile/deep-profile.ts';
import { profileOf } from '../profile/profile-of.ts';
import { HOSTILE_NAMES } from './hostile-names.ts';

const fixture = (name: string): Promise<Profile> => readProfile(join(import.meta.dirname, '../../fixtures', name));
const draw = (profile: Profile, options: FlameTextOptions = {}): string =>
  [...flameText.render(profile, options)].join('');
const ansi = /\u001b\[\d+m/g;

/** The lines of the graph alone: those between the first two blank ones, without the titles. */
function graphOf(text: string): string[] {
  return text.split('\n\n')[1]!.trimEnd().split('\n').slice(1);
}

const small = profileOf`
  main{app,module=a.out};parse /a/p.js:3:1{app};scan{native,module=/lib/libc.so} 30
  main{app,module=a.out};parse /a/p.js:3:1{app} 4
  main{app,module=a.out};render{app} 65
  1
`;

describe('the graph', () => {
  test('bars stand where frames stand in the picture, heaviest first; names carry their place', () => {
    expect(draw(small, { width: 80, limit: 1 })).toBe(`100 samples
app 69.0%  native 30.0%  other 1.0%

  total    self                            function
 100.0%    1.0%  ████████████████████████  all
  99.0%    0.0%  ███████████████████████▊  main a.out
  65.0%   65.0%  ███████████████▋          ├─ render
  34.0%    4.0%                  ███████▊  └─ parse p.js:3
  30.0%   30.0%                  ██████▊      scan libc.so

self      %  total      %  function  kind
  65  65.0%     65  65.0%  render    app
`);
  });

  test('in ASCII everything keeps its place', () => {
    const plain = draw(small, { width: 80, ascii: true });
    expect(plain).toMatch(/^[\x00-\x7f]*$/);
    expect(graphOf(plain)).toEqual([
      ' 100.0%    1.0%  ########################  all',
      '  99.0%    0.0%  ########################  main a.out',
      '  65.0%   65.0%  ################          |- render',
      '  34.0%    4.0%                  ########  `- parse p.js:3',
      '  30.0%   30.0%                  #######      scan libc.so',
    ]);
  });

  test('a narrow window has room for names before bars, and for shares before names', () => {
    expect(graphOf(draw(small, { width: 50 }))[2]).toBe('  65.0%   65.0%  ├─ render');
    expect(graphOf(draw(small, { width: 20 }))[1]).toBe('  99.0%    0.0%  m…');
  });

  test('colour adds only colour, by kind', () => {
    const colored = draw(small, { color: true });
    expect(colored.replace(ansi, '')).toBe(draw(small));
    expect(colored).toContain('\u001b[33m█');
    expect(draw(small)).not.toContain('\u001b');
  });

  test('a title stands above', () => {
    expect(draw(small, { title: 'before\u001b[31m' })).toMatch(/^before\\x1b\[31m\n100 samples\n/);
  });

  test('a chain of frames that look the same stands on one line; its shares are those of all its frames', () => {
    const chain = profileOf`
      a;b;c;d;e;f 1000
      a;b;c 3
      a;b;c;d;x 1
    `;
    expect(graphOf(draw(chain, { width: 45 }))).toEqual([
      ' 100.0%    0.0%  all',
      ' 100.0%    0.0%  a',
      ' 100.0%    0.3%  4 frames: b > c > d > e',
      '  99.6%   99.6%  f',
      'frames of at most 0.5% have no line: 0.1% of…',
    ]);
  });

  test('100,000 frames deep: told in four lines, the ends by name', () => {
    const graph = graphOf(draw(deepProfile()));
    expect(graph).toHaveLength(4);
    expect(graph[2]).toMatch(/99998 frames: f1 > .*f99998$/);
    expect(graph[3]).toMatch(/100\.0% .* f99999$/);
  });

  test('of many frames the heaviest have lines, and what is not shown is told', () => {
    const many = profileOf(Array.from({ length: 90 }, (_, i) => `main;f${i} ${i + 1}`).join('\n'));
    const graph = graphOf(draw(many, { rows: 6 }));
    expect(graph.slice(2).map((line) => line.match(/f\d+$/)?.[0])).toEqual(['f89', 'f88', 'f87', 'f86', undefined]);
    expect(graph.at(-1)).toBe('frames of at most 2.1% have no line: 91.4% of the weight ends in them');
  });

  test('no samples: no graph', () => {
    expect(draw(new ProfileBuilder([{ type: 'samples', unit: 'count' }]).build())).toBe('0 samples\n');
  });
});

describe('real recordings', () => {
  test.each([
    ['perf-node', 'perf-script/node.txt', { width: 100 }],
    ['perf-node-narrow-ascii', 'perf-script/node.txt', { width: 72, ascii: true }],
    ['cpuprofile', 'cpuprofile/node.cpuprofile', { width: 120, color: true }],
    ['perf-threads', 'perf-script/threads.txt', { width: 80 }],
  ] as const)('%s', async (name, file, options) => {
    const text = draw(await fixture(file), { ...options, limit: 5 });
    await expect(text).toMatchFileSnapshot(join(import.meta.dirname, `golden/flame-text/${name}.txt`));
  });
});

describe('whatever the profile holds', () => {
  const names = fc.oneof(
    fc.constantFrom(...HOSTILE_NAMES, '日本語の関数名がとても長い場合の表示', 'ｆｕｌｌ', '👩‍👩‍👧‍👦', 'e\u0301\u0302'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
  );
  const named = fc.array(fc.tuple(fc.array(names, { minLength: 1, maxLength: 9 }), fc.integer({ min: 1, max: 99 })), {
    minLength: 1,
    maxLength: 9,
  });
  const profiles = fc.oneof(
    arbitraryProfile,
    named.map((stacks) => {
      const builder = new ProfileBuilder([{ type: 'sämples\u001b', unit: 'x\u001b[1m' }]);
      for (const [path, weight] of stacks) {
        let stack = -1;
        for (const name of path)
          stack = builder.stack(stack, builder.frame({ name, file: name, line: 3, kind: 'app' }));
        builder.sample(stack, [weight]);
      }
      return builder.build();
    }),
  );
  const options = fc.record({
    width: fc.integer({ min: 20, max: 220 }),
    rows: fc.integer({ min: 1, max: 40 }),
    ascii: fc.boolean(),
  });

  test('no line is wider than the window, and names drive nothing', () => {
    fc.assert(
      fc.property(profiles, options, (profile, chosen) => {
        for (const line of draw(profile, chosen).split('\n')) {
          expect(stringWidth(line), line).toBeLessThanOrEqual(chosen.width);
          expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
        }
      }),
    );
  });

  test('self shares, and that of what has no line, add up to the whole', () => {
    fc.assert(
      fc.property(profiles, options, (profile, chosen) => {
        const sections = draw(profile, chosen).split('\n\n');
        if (sections.length < 2) return;
        const lines = graphOf(draw(profile, { ...chosen, width: 120 }));
        const own = lines.map((line) =>
          Number(/^ *[\d.]+% +([\d.]+)%|: ([\d.]+)% of/.exec(line)!.slice(1).join('').replace('undefined', '')),
        );
        const sum = own.reduce((all, share) => all + share, 0);
        expect(Math.abs(sum - 100)).toBeLessThanOrEqual(0.05 * own.length + 1e-6);
      }),
    );
  });
});
