import { describe, expect, test } from 'vitest';
import { totalAt } from '../../../src/profile/heap-history.ts';
import { byteTicks, timeLabel, timeTicks } from '../../../src/render/heap/axis.ts';
import { bandsOf } from '../../../src/render/heap/bands.ts';
import { chartHtml } from '../../../src/render/heap/chart-html.ts';
import { chartSvg } from '../../../src/render/heap/chart-svg.ts';
import { snapshotGraph } from '../../../src/render/heap/snapshot-graph.ts';
import { HOSTILE_NAMES } from '../hostile-names.ts';
import { checkXml } from '../xml-check.ts';
import { fixtureHistory, historyOf } from './heap-of.ts';

const ALL = [
  'peaks.out',
  'peaks-stacks.out',
  'peaks-no-heap.out',
  'leak.out',
  'empty.out',
  'big.out',
  'ls.out',
  'odd-path.out',
];

describe.each(ALL)('%s', (name) => {
  test('bands add up to the total of each snapshot', async () => {
    const history = await fixtureHistory(name);
    const bands = bandsOf(history);
    for (let row = 0; row < history.snapshots.length; row++) {
      const sum = bands.reduce((total, { values }) => total + values[row]!, 0);
      expect(sum).toBeCloseTo(totalAt(history.snapshots, row), 3);
    }
  });

  test('is well-formed as a picture and as a page, and always the same', async () => {
    const history = await fixtureHistory(name);
    const svg = [...chartSvg(history, {})].join('');
    checkXml(svg);
    expect([...chartSvg(history, {})].join('')).toBe(svg);
    const html = [...chartHtml(history, { title: 'a < b' })].join('');
    expect(html).toContain('<title>a &lt; b');
    expect(html.match(/<script>/g)).toHaveLength(1);
  });
});

test('its heading tells the options of massif, not where the recording lay for a while', async () => {
  const history = await historyOf(
    'desc: --stacks=yes --massif-out-file=/tmp/a/%p.out\ncmd: x\ntime_unit: i\n#-----------\nsnapshot=0\n#-----------\ntime=0\nmem_heap_B=0\nmem_heap_extra_B=0\nmem_stacks_B=0\nheap_tree=empty\n',
  );
  const svg = [...chartSvg(history, {})].join('');
  expect(svg).toContain('x  ·  --stacks=yes  ·  1 snapshot');
  expect(svg).not.toContain('/tmp/a');
});

test('where massif kept no details, shares are those of the neighbours', async () => {
  const snapshot = (time: number, heap: number, tree: string) =>
    `snapshot=${time}\ntime=${time}\nmem_heap_B=${heap}\nmem_heap_extra_B=0\nmem_stacks_B=0\n${tree}\n`;
  const detailed = (f: number, g: number) =>
    `heap_tree=detailed\nn2: ${f + g} (heap allocation functions)\n n0: ${f} 0x1: f (a.c:1)\n n0: ${g} 0x2: g (a.c:2)`;
  const history = await historyOf(
    [
      'cmd: x\ntime_unit: i\n',
      snapshot(0, 0, 'heap_tree=empty'),
      snapshot(10, 100, detailed(100, 0)),
      snapshot(15, 200, 'heap_tree=empty'),
      snapshot(20, 400, detailed(200, 200)),
      snapshot(30, 40, 'heap_tree=empty'),
    ].join(''),
  );
  const bands = bandsOf(history);
  expect(bands.map(({ site, values }) => [site.name, [...values]])).toEqual([
    ['f', [0, 100, 150, 200, 20]],
    ['g', [0, 0, 50, 200, 20]],
  ]);
});

test('names are text and nothing else', async () => {
  const lines = HOSTILE_NAMES.map((name, i) => ` n0: 10 0x${i}: ${name.replace(/[\n\r]/g, ' ')} (a.c:${i + 1})`);
  const heap = 10 * lines.length;
  const history = await historyOf(
    [
      'cmd: ]]><script>alert(1)</script>\ntime_unit: i\nsnapshot=0\ntime=1',
      `mem_heap_B=${heap}\nmem_heap_extra_B=0\nmem_stacks_B=0\nheap_tree=peak`,
      `n${lines.length}: ${heap} (heap allocation functions)`,
      ...lines,
      '',
    ].join('\n'),
  );
  checkXml([...chartSvg(history, {})].join(''));
  const page = [...chartHtml(history, {})].join('');
  expect(page.match(/<script/g)).toHaveLength(1);
});

test('an empty heap has no maximum to mark, no shares to estimate, no sites', async () => {
  const history = await fixtureHistory('empty.out');
  const svg = [...chartSvg(history, {})].join('');
  expect(svg).toContain('1 snapshot<');
  expect(svg).not.toContain('maximum');
  expect(svg).not.toContain('Ticks below the axis');
  expect([...chartHtml(history, {})].join('')).toContain('<h2>Nothing was allocated</h2>');
});

test('a peak that is the maximum is marked once', async () => {
  const svg = [...chartSvg(await fixtureHistory('names.out'), {})].join('');
  expect(svg).toContain('>peak: 75.1 KiB<');
  expect(svg).not.toContain('maximum');
});

describe('axes', () => {
  test.each([
    [1, ['0', '1 B']],
    [3, ['0', '1 B', '2 B', '3 B']],
    [9, ['0', '2 B', '4 B', '6 B', '8 B', '10 B']],
  ])('of %d bytes there are no parts', (most, labels) => {
    expect(byteTicks(most, 400).ticks.map(({ label }) => label)).toEqual(labels);
  });

  test('bytes in steps of a round number of their unit', () => {
    expect(byteTicks(820_000, 400)).toEqual({
      top: 1000 * 1024,
      ticks: [
        { at: 0, label: '0' },
        { at: 80, label: '200 KiB' },
        { at: 160, label: '400 KiB' },
        { at: 240, label: '600 KiB' },
        { at: 320, label: '800 KiB' },
        { at: 400, label: '1000 KiB' },
      ],
    });
  });

  test.each([
    [5_609_000, 'i', '5.609 M instructions'],
    [12, 'i', '12 instructions'],
    [900, 'ms', '900 ms'],
    [90_000, 'ms', '90 s'],
    [3_600_000, 'ms', '60 min'],
    [0.853, 's', '0.853 s'],
    [4096, 'B', '4 KiB allocated and freed'],
  ])('%d %s is %s', (time, unit, said) => {
    expect(timeLabel(time, unit)).toBe(said);
  });

  test('time has at least two ticks, whatever its range', () => {
    for (const unit of ['i', 'B', 'ms', 's']) {
      for (const end of [1e-3, 1, 7, 1023, 1e6, 3.7e9, 2 ** 53]) {
        const { ticks } = timeTicks(end, unit, 1000);
        expect(ticks.length).toBeGreaterThan(1);
        expect(ticks.length).toBeLessThan(20);
        expect(ticks.at(-1)!.at).toBeLessThanOrEqual(1000.001);
      }
    }
  });
});

test('a graph of times that run backwards ends', async () => {
  const snapshot = (time: number) =>
    `snapshot=0\ntime=${time}\nmem_heap_B=5\nmem_heap_extra_B=0\nmem_stacks_B=0\nheap_tree=empty\n`;
  const { snapshots } = await historyOf(`cmd: x\ntime_unit: i\n${snapshot(9e15)}${snapshot(1)}`);
  expect(snapshotGraph(snapshots, 'i', -1).split('\n')).toHaveLength(24);
});
