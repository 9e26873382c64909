import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inputOf } from '../../../src/formats/input.ts';
import { readMassif } from '../../../src/formats/massif/read-massif.ts';
import { massif } from '../../../src/formats/massif.ts';
import { readInput, readProfile } from '../../../src/formats/registry.ts';
import { checkProfile } from '../../../src/profile/check.ts';
import { chosenRow, DETAILS, landmarks, sitesAt, totalAt } from '../../../src/profile/heap-history.ts';
import { KINDS } from '../../../src/profile/profile.ts';
import { totalWeight } from '../../../src/profile/total.ts';
import { unknownAdvice } from '../../../src/profile/unknown.ts';
import { FIXTURES, readText, refusal, stacksOf } from '../harness.ts';
import { peerRecordings } from './peer-recordings.ts';

const own = readdirSync(join(FIXTURES, 'massif'))
  .filter((name) => name.endsWith('.out'))
  .map((name) => ({ name, path: join(FIXTURES, 'massif', name) }));

describe.each([...own, ...peerRecordings])('$name', ({ name, path }) => {
  const bytes = readFileSync(path);
  const history = async () => (await readMassif(inputOf(bytes, name), {})).history;

  test('each snapshot with details is heap, extra heap and stacks, to the byte', async () => {
    const { snapshots } = await history();
    for (let row = 0; row < snapshots.length; row++) {
      if (DETAILS[snapshots.detail[row]!] === 'none') continue;
      const choices = { snapshot: snapshots.number[row]! };
      const profile = await readInput(inputOf(bytes, name), { format: massif, choices, allowEmpty: true });
      checkProfile(profile);
      expect(totalWeight(profile)).toBe(totalAt(snapshots, row));
    }
  });

  test('sites of each snapshot are its total too', async () => {
    const all = await history();
    for (let row = 0; row < all.snapshots.length; row++) {
      const sum = sitesAt(all, row).reduce((total, { bytes: part }) => total + part, 0);
      expect(sum).toBe(totalAt(all.snapshots, row));
    }
  });
});

const HEAD = 'desc: (none)\ncmd: ./app 1\ntime_unit: ms\n';
const snapshot = (number: number, heap: number, tree: string, extra = 8, stacks = 0): string =>
  [
    `#-----------\nsnapshot=${number}\n#-----------\ntime=${number * 10}`,
    `mem_heap_B=${heap}\nmem_heap_extra_B=${extra}\nmem_stacks_B=${stacks}\n${tree}\n`,
  ].join('\n');
const EMPTY = 'heap_tree=empty';
const TOP = '(heap allocation functions) malloc/new/new[], --alloc-fns, etc.';
const tree = (kind: string, ...lines: string[]): string => [`heap_tree=${kind}`, ...lines].join('\n');
const simple = (kind: string, bytes: number, name: string): string =>
  tree(kind, `n1: ${bytes} ${TOP}`, ` n1: ${bytes} 0x10: ${name} (a.c:3)`, `  n0: ${bytes} 0x20: main (a.c:9)`);

describe('which snapshot', () => {
  const text = [
    HEAD,
    snapshot(0, 0, EMPTY),
    snapshot(1, 100, simple('detailed', 100, 'one')),
    snapshot(2, 200, simple('peak', 200, 'two')),
    snapshot(3, 400, simple('detailed', 400, 'three')),
    snapshot(4, 500, EMPTY),
  ].join('');
  const read = (choice?: number | 'peak') =>
    readInput(inputOf(text, 'x'), choice === undefined ? {} : { choices: { snapshot: choice } });

  test('the largest with details, unless another is asked for; where the heap was larger is said', async () => {
    const profile = await read();
    expect(stacksOf(profile)).toBe('[extra heap: administration and alignment] 8\nmain a.c:9;three a.c:3 400\n');
    expect(profile.meta.notes).toEqual([
      'snapshot 3 of 5, with details: 408 B',
      'the heap was largest at snapshot 4: 508 B (80.31% of that is drawn), of which massif kept no details',
    ]);
    expect(profile.meta).toMatchObject({ tool: 'massif', command: ['./app', '1'], duration: 40e6 });
    expect(profile.series.map(({ name, value }) => [name, [...value]])).toEqual([
      ['heap', [0, 100, 200, 400, 500]],
      ['extra', [8, 8, 8, 8, 8]],
    ]);
    expect([...profile.series[0]!.time]).toEqual([0, 10e6, 20e6, 30e6, 40e6]);
  });

  test('the marked peak, or a number', async () => {
    const peak = await read('peak');
    expect(stacksOf(peak)).toContain('main a.c:9;two a.c:3 200');
    expect(peak.meta.notes[1]).toContain('the heap was largest at snapshot 4');
    expect(stacksOf(await read(1))).toContain('one a.c:3 100');
  });

  test('one without details, or that is not there, is refused', async () => {
    expect(await refusal(read(4))).toBe('massif kept no details of snapshot 4 in x: it has details of 1, 2, 3');
    expect(await refusal(read(9))).toBe('there is no snapshot 9 in x: it has details of 1, 2, 3');
  });

  test('landmarks tell the marked peak from the maximum', async () => {
    const { history } = await readMassif(inputOf(text, 'x'), {});
    expect(landmarks(history)).toEqual({ maximum: 4, marked: 2, detailed: 3 });
    expect([chosenRow(history, 'largest'), chosenRow(history, 'peak'), chosenRow(history, 7)]).toEqual([3, 2, -1]);
  });

  test('a snapshot as large just before the marked peak is no other maximum', () => {
    const snapshots = {
      length: 3,
      number: Float64Array.of(0, 1, 2),
      time: Float64Array.of(0, 1, 1),
      heap: Float64Array.of(0, 9, 9),
      extra: new Float64Array(3),
      stacks: new Float64Array(3),
      detail: Uint8Array.of(0, 0, 2),
    };
    expect(landmarks({ snapshots, events: new Map() })).toEqual({ maximum: 2, marked: 2, detailed: 2 });
  });
});

describe('frames', () => {
  const one = (...lines: string[]) =>
    readText(
      HEAD +
        snapshot(0, 90, tree('peak', `n${lines.filter((line) => /^ n/.test(line)).length}: 90 ${TOP}`, ...lines), 0),
    );

  test('addresses are no part of a stack: the same program elsewhere is the same', async () => {
    const at = (base: string) => one(` n1: 90 0x${base}1: f(int) (a.cpp:3)`, `  n0: 90 0x${base}2: main (a.cpp:9)`);
    expect(stacksOf(await at('AA'))).toBe(stacksOf(await at('BB')));
  });

  test('names are whole, whatever they hold', async () => {
    const profile = await one(
      ' n0: 30 0x1: <a::B>::f::{closure#0} (src/ä b.rs:7)',
      ' n0: 30 0x2: operator()(int) const (in /opt/größe (1)/lib x.so)',
      ' n0: 20 0x3: ??? (in /usr/lib/libz.so.1)',
      ' n0: 10 0x4: ???',
    );
    expect(stacksOf(profile).split('\n')).toEqual([
      '<a::B>::f::{closure#0} src/ä b.rs:7 30',
      '[libz.so.1] 20',
      '[unknown] 10',
      'operator()(int) const 30',
      '',
    ]);
    expect(profile.strings).toContain('/opt/größe (1)/lib x.so');
  });

  test('a function inlined into its caller is told by the address that they share', async () => {
    const { frames, strings } = await one(
      ' n1: 90 0x1: g (a.h:3)',
      '  n1: 90 0x1: f (a.c:3)',
      '   n0: 90 0x2: main (a.c:9)',
    );
    const kinds = new Map(Array.from(frames.kind, (kind, i) => [strings[frames.name[i]!]!, kind]));
    expect(kinds.get('g')).not.toBe(kinds.get('f'));
    expect(kinds.get('f')).toBe(kinds.get('main'));
  });

  test('a recursion stands at one address too, and is none', async () => {
    const { frames, strings } = await one(
      ' n1: 90 0x1: g (a.h:3)',
      '  n1: 90 0x1: f (a.c:3)',
      '   n1: 90 0x1: g (a.h:3)',
      '    n1: 90 0x1: f (a.c:3)',
      '     n1: 90 0x1: f (a.c:3)',
      '      n0: 90 0x2: main (a.c:9)',
    );
    const kinds = Array.from(frames.kind, (kind, i) => `${strings[frames.name[i]!]} ${KINDS[kind]}`);
    expect(kinds.sort()).toEqual(['f app', 'g inlined', 'main app']);
  });

  test('what massif left out stays in the sum', async () => {
    const profile = await one(
      ' n1: 50 0x1: f (a.c:3)',
      '  n0: 20 0x2: main (a.c:9)',
      " n0: 30 in 3 places, all below massif's threshold (1.00%)",
    );
    expect(stacksOf(profile)).toBe(
      '[allocation functions] 10\n[below threshold] 30\nf a.c:3 30\nmain a.c:9;f a.c:3 20\n',
    );
  });

  test('a stack deeper than any recursion goes', async () => {
    const depth = 100_000;
    const lines = Array.from(
      { length: depth },
      (_, i) => `${i + 1 === depth ? 'n0' : 'n1'}: 90 0x${i.toString(16)}: f (a.c:${i + 1})`,
    );
    const profile = await readText(HEAD + snapshot(0, 90, tree('peak', `n1: 90 ${TOP}`, ...lines), 0));
    expect(profile.stacks.length).toBe(depth);
    expect(totalWeight(profile)).toBe(90);
  });
});

test('frames of our own are no functions without a name', async () => {
  const whole = tree('peak', `n1: 90 ${TOP}`, " n0: 90 in 3 places, all below massif's threshold (1.00%)");
  expect(unknownAdvice(await readText(HEAD + snapshot(0, 90, whole, 50, 40)))).toBeUndefined();
});

describe('other writers', () => {
  test('heaptrack_print -M writes the header at the end and measures seconds', async () => {
    const body = snapshot(0, 90, simple('detailed', 90, 'f'), 0).replace('time=0', 'time=0.853');
    const profile = await readText(`${body}desc: heaptrack\ncmd: app\ntime_unit: s\n`);
    expect(stacksOf(profile)).toBe('main a.c:9;f a.c:3 90\n');
    expect(profile.meta.duration).toBe(853e6);
  });

  test('an argument with line ends in it stays in one piece', async () => {
    const profile = await readText(
      `cmd: python3 -c import x\n\n# y\nx.run()\ntime_unit: i\n${snapshot(0, 90, simple('peak', 90, 'f'))}`,
    );
    expect(profile.meta.command).toEqual(['python3', '-c', 'import', 'x', '#', 'y', 'x.run()']);
  });

  test('in a report of --xtree-memory each snapshot counts something else', async () => {
    const event = (number: number, bytes: number, title: string) =>
      snapshot(number, bytes, tree('detailed', `n1: ${bytes} ${title}`, ` n0: ${bytes} 0x1: f (a.c:3)`), 0);
    const text =
      HEAD +
      event(0, 7, 'curB : currently allocated Bytes') +
      event(1, 9, 'totB : total allocated Bytes') +
      event(2, 50, 'totBk : total allocated Blocks');
    const profile = await readText(text);
    expect(profile.valueTypes).toEqual([{ type: 'totB', unit: 'bytes' }]);
    expect(totalWeight(profile)).toBe(9);
    expect(profile.series).toEqual([]);
    const blocks = await readInput(inputOf(text, 'x'), { choices: { snapshot: 2 } });
    expect(blocks.valueTypes).toEqual([{ type: 'totBk', unit: 'count' }]);
  });

  test.skipIf(peerRecordings.length === 0)('real files of heaptrack and --xtree-memory', async () => {
    const peer = (path: string) => join(peerRecordings[0]!.path, '../../..', path);
    expect(totalWeight(await readProfile(peer('heaptrack/churn/massif.out')))).toBe(208_192);
    // As valgrind's own summary has it: total heap usage
    expect(totalWeight(await readProfile(peer('massif/rs-xtree-ms/xtmemory.ms')))).toBe(5_631_240);
  });
});
