import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CallGraphBuilder } from '../../src/formats/callgrind/call-graph.ts';
import { estimateStacks } from '../../src/formats/callgrind/call-graph-stacks.ts';
import { callgrind } from '../../src/formats/callgrind.ts';
import { inputOf } from '../../src/formats/input.ts';
import { detectFormat, readInput } from '../../src/formats/registry.ts';
import { checkProfile } from '../../src/profile/check.ts';
import { totalWeight } from '../../src/profile/total.ts';
import { FIXTURES, readText, refusal, stacksOf } from './harness.ts';

const PEERS = resolve(import.meta.dirname, '../../../shared/peer-data/callgrind');
if (!existsSync(PEERS)) console.log(`skipped: no recordings in ${PEERS}`);

const ESTIMATED = 'callgrind output holds calls, not stacks: callers further up than the next are estimated';
const file = (...lines: string[]) => ['# callgrind format', 'events: Ir', ...lines, ''].join('\n');
const stacks = async (...lines: string[]) => stacksOf(await readText(file(...lines)));

describe('stacks from calls', () => {
  test('cost is shared among callers in proportion to their calls', async () => {
    const lines = [
      'fn=a',
      '1 1',
      'cfn=c',
      'calls=1 1',
      '1 30',
      'fn=b',
      '1 2',
      'cfn=c',
      'calls=9 1',
      '1 10',
      'fn=c',
      '1 40',
    ];
    expect(await stacks(...lines)).toBe('a 1\na;c 30\nb 2\nb;c 10\n');
  });

  test('the share goes on to what is called further down', async () => {
    const below = ['fn=c', '1 20', 'cfn=d', 'calls=1 1', '1 20', 'fn=d', '1 20'];
    const lines = ['fn=a', '1 1', 'cfn=c', 'calls=1 1', '1 30', 'fn=b', '1 2', 'cfn=c', 'calls=1 1', '1 10', ...below];
    expect(await stacks(...lines)).toBe('a 1\na;c 15\na;c;d 15\nb 2\nb;c 5\nb;c;d 5\n');
  });

  test('recursion is cut and told, and nothing is lost', async () => {
    const text = file(
      'fn=f',
      '1 5',
      'cfn=f',
      'calls=3 1',
      '1 4',
      'cfn=g',
      'calls=1 1',
      '1 6',
      'fn=g',
      '1 6',
      'cfn=f',
      'calls=1 1',
      '1 2',
    );
    const profile = await readText(text);
    expect(stacksOf(profile)).toBe('f 5\nf;g 6\n');
    expect(profile.meta.notes).toEqual([ESTIMATED, 'recursive calls, drawn without the recursion: 2']);
  });

  test('every function keeps its own cost exactly, whatever the graph', () => {
    const cost = fc.integer({ min: 0, max: 1000 });
    const size = 8;
    const call = fc.tuple(fc.nat(size - 1), fc.nat(size - 1), fc.nat(3), cost, cost);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cost, cost), { minLength: size, maxLength: size }),
        fc.array(call),
        (self, calls) => {
          const builder = new CallGraphBuilder(2);
          for (const costs of self) builder.addSelf(builder.function(), Float64Array.from(costs));
          for (const [from, to, count, a, b] of calls) builder.addCalls(from, to, count, Float64Array.of(a, b));
          const kept = self.map(() => [0, 0]);
          let stackCount = 0;
          estimateStacks(builder.build(), {
            stack: () => stackCount++,
            otherCallers: () => stackCount++,
            sample: (_stack, at, costs) => {
              kept[at] = kept[at]!.map((value, event) => value + costs[event]!);
            },
          });
          expect(kept).toEqual(self);
        },
      ),
    );
  });

  test('a chain 20,000 calls deep', async () => {
    const lines: string[] = [];
    for (let i = 0; i < 20_000; i++) lines.push(`fn=f${i}`, '1 1', `cfn=f${i + 1}`, 'calls=1 1', `1 ${20_000 - i}`);
    const profile = await readText(file(...lines, 'fn=f20000', '1 1'));
    expect(totalWeight(profile)).toBe(20_001);
    expect(profile.stacks.length).toBe(20_001);
  });

  test('2^40 chains of callers end in (other callers), and nothing is lost', async () => {
    const lines: string[] = [];
    for (let i = 0; i < 40; i++) {
      lines.push(`fn=f${i}`, '1 8', `cfn=l${i}`, 'calls=1 1', '1 50', `cfn=r${i}`, 'calls=1 1', '1 50');
      for (const side of ['l', 'r']) lines.push(`fn=${side}${i}`, '1 1', `cfn=f${i + 1}`, 'calls=1 1', '1 50');
    }
    const profile = await readText(file(...lines, 'fn=f40', '1 1000'));
    expect(totalWeight(profile)).toBe(40 * 10 + 1000);
    expect(stacksOf(profile)).toContain('(other callers);f40 ');
    expect(profile.meta.notes.join()).toMatch(/\(other callers\): \d+ % of the cost/);
  });
});

describe('the text', () => {
  test('the first event is the default weight; units are told by the name', async () => {
    const profile = await readText('version: 1\nevents: Time_(10ns) Memory_(bytes) Ir\nfn=f\n1 2 3 4\n');
    expect(profile.valueTypes).toEqual([
      { type: 'Memory', unit: 'bytes' },
      { type: 'Ir', unit: 'count' },
      { type: 'Time', unit: 'nanoseconds' },
    ]);
    expect(profile.samples.values.map(([value]) => value)).toEqual([3, 4, 20]);
  });

  test('the same name in another file or object is another function; cost of inlined files is the function’s', async () => {
    const text = file(
      'ob=/bin/a',
      'fl=a.c',
      'fn=f',
      '1 1',
      'fi=inline.h',
      '7 2',
      'cfn=g',
      'calls=1 1',
      '7 5',
      'fe=a.c',
      '2 4',
      'fl=inline.h',
      'fn=g',
      '1 5',
      'fl=b.c',
      'fn=f',
      '1 9',
    );
    expect(stacksOf(await readText(text))).toBe('f a.c 7\nf a.c;g inline.h 5\nf b.c 9\n');
  });

  test('threads', async () => {
    const text = file(
      'pid: 7',
      'cmd: /bin/app -x',
      'part: 1',
      'thread: 1',
      'fn=f',
      '1 1',
      'part: 1',
      'thread: 2',
      'events: Ir',
      'fn=f',
      '1 2',
    );
    const profile = await readText(text);
    expect(profile.threads.map(({ pid, process, name }) => [pid, process, name])).toEqual([
      [7, 'app', 'thread 1'],
      [7, 'app', 'thread 2'],
    ]);
    expect([...profile.samples.values[0]!]).toEqual([1, 2]);
  });

  test.each([
    ['a cost that is none', ['fn=f', '1 x'], "line 4: 'x' is no number"],
    ['a negative cost', ['fn=f', '1 5', '1 -6'], 'line 5: the cost -6 is negative'],
    ['a huge cost', ['fn=f', '1 99999999999999999999'], 'line 4: the cost 99999999999999999999 is above 2^53'],
    ['too many costs', ['fn=f', '1 2 3'], 'line 4: 2 costs, but the file counts 1 events'],
    ['no function', ['1 2'], 'line 3: costs stand before the first `fn=` line'],
    ['an unknown id', ['fn=(3)'], 'line 3: (3) is the name of no function so far'],
    ['calls of nothing', ['fn=f', 'calls=1 1', '1 1'], 'line 5: `calls=` without a `cfn=` line before it'],
    ['calls without a number', ['fn=f', 'cfn=g', 'calls=x'], 'line 5: `calls=x` does not say how many'],
    ['other events', ['events: Dr'], 'line 3: the parts of this file count different events: read them one by one'],
  ])('%s is refused with the line', async (_what, lines, message) => {
    expect(await refusal(readText(file(...lines)))).toBe(`x: ${message}`);
  });

  test('no events at all', async () => {
    expect(await refusal(readText('# callgrind format\n'))).toBe('x: there is no `events:` line: the file was cut');
    expect(await refusal(readText('# callgrind format\nfn=f\n1 2\n'))).toBe(
      'x: line 2: a function stands before the `events:` line',
    );
  });

  test('lines that are not understood are told', async () => {
    const profile = await readText(file('fn=f', '1 2', '!what'));
    expect(profile.meta.notes).toEqual(['x: lines not understood and left out: 1, first line 5: "!what"']);
  });
});

test('the recording: the sum of all functions is what callgrind itself sums up; a cut file is told', async () => {
  const bytes = readFileSync(join(FIXTURES, 'callgrind/threads.out'));
  const declared = Number(/^summary: (\d+)$/m.exec(bytes.toString())![1]);
  const profile = await readInput(inputOf(bytes, 'x'));
  expect(totalWeight(profile)).toBe(declared);
  const half = await readInput(inputOf(bytes.subarray(0, bytes.lastIndexOf('\nfn=')), 'x'));
  expect(half.meta.notes.join()).toMatch(/by the file's summary \d+: a part is missing/);
});

describe.skipIf(!existsSync(PEERS))('samples of speedscope', () => {
  const MAIN = 'main file1.c';
  const EXAMPLE = [
    `${MAIN} 20`,
    `${MAIN};func1 file1.c 100`,
    `${MAIN};func1 file1.c;func2 file2.c 300`,
    `${MAIN};func2 file2.c 400`,
  ];
  const RESET = [
    'alpha alpha.c 10',
    'alpha alpha.c;beta beta.c 10',
    'alpha alpha.c;delta alpha.c 10',
    'alpha alpha.c;delta alpha.c;gamma alpha.c 5',
    'alpha alpha.c;gamma alpha.c 5',
  ];
  test.each([
    ['callgrind.example.log', 'Instructions', EXAMPLE],
    ['callgrind.name-compression.log', 'Instructions', EXAMPLE],
    ['callgrind.subposition-compression.log', 'Instructions', EXAMPLE],
    ['callgrind.cfn-reset.log', 'Instructions', RESET],
    ['callgrind.multiple-event-types.log', 'Time', EXAMPLE.map((line) => `${line}0`)],
  ])('%s', async (name, type, lines) => {
    const input = inputOf(readFileSync(join(PEERS, name)), name);
    expect(detectFormat(input)).toBe(callgrind);
    const profile = await readInput(input);
    checkProfile(profile);
    expect(profile.valueTypes.at(-1)!.type).toBe(type);
    expect(stacksOf(profile).trimEnd().split('\n')).toEqual(lines);
    expect(profile.meta.notes).toEqual([ESTIMATED]);
  });
});
