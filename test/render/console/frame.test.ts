import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LoopHistory } from '../../../src/console/loop-history.ts';
import type { ConsoleSnapshot } from '../../../src/console/snapshot.ts';
import { drawFrame } from '../../../src/render/console/frame.ts';
import { press } from '../../../src/render/console/press.ts';
import type { Scene } from '../../../src/render/console/scene.ts';
import { FIRST_STATE, type ViewState } from '../../../src/render/console/view-state.ts';
import type { Key } from '../../../src/terminal/keys.ts';
import { stringWidth } from '../../../src/terminal/string-width.ts';
import { blocking, loop, place, resource, snapshot, task } from '../../console/snapshots.ts';

const PLAIN = { width: 80, color: false, ascii: false };

function sceneOf(words: Partial<ConsoleSnapshot> = {}, more: Partial<Scene> = {}): Scene {
  const shown = snapshot(words);
  const history = new LoopHistory();
  history.add(shown);
  return { snapshot: shown, moments: history.until(shown.time), watched: 42_000, isPaused: false, ...more };
}

const many = sceneOf({
  tasks: Array.from({ length: 60 }, (_, i) =>
    task({
      id: `t${i}`,
      name: `f${i}`,
      kind: i % 2 === 0 ? 'PROMISE' : 'Timeout',
      place: place(`f${i}`, i + 1, `/srv/app/lib/file${i}.js`),
      busy: i * 1e6,
      longestPoll: (60 - i) * 1e6,
      warnings: i === 3 ? [{ kind: 'never-yields', text: 'it held the loop for 60 ms' }] : [],
      ...(i > 0 ? { parent: `t${i - 1}` } : {}),
    }),
  ),
});

/** What a person has pressed, one after the other. */
function after(scene: Scene, keys: string, look = PLAIN, rows = 24): { state: ViewState; lines: readonly string[] } {
  let state = FIRST_STATE;
  const named: Readonly<Record<string, Key>> = {
    '\n': { name: 'enter' },
    '\u001b': { name: 'escape' },
    v: { name: 'down' },
    P: { name: 'page-down' },
    E: { name: 'end' },
    '\t': { name: 'tab' },
  };
  for (const key of keys) {
    const { pressed } = drawFrame(scene, state, look, rows);
    const typed: Key = { name: 'character', text: key };
    ({ state } = press(state, state.isTyping && key !== '\n' ? typed : (named[key] ?? typed), pressed));
  }
  return { state, lines: drawFrame(scene, state, look, rows).lines };
}

test('80x24: title, totals, tabs, the busiest first, hints', () => {
  const { lines } = after(many, '');
  expect(lines.length).toBe(24);
  expect(lines[0]).toMatch(/^node server\.js {5,}pid 4711 {2}v20\.20\.2 {2}running {2}00:42$/);
  expect(lines[1]).toBe('tasks ~720 live, 60 places  resources 20 live  loop 42 %  blocked 3x, 130 ms');
  expect(lines[2]).toBe('[1 Tasks] 2 Resources  3 Blocking  4 Loop  5 Warnings !1');
  expect(lines[3]).toContain('Busy↓');
  expect(lines[4]).toMatch(/^> .*59\.0 ms .*f59 +file59\.js:60 +$/);
  expect(lines[23]).toMatch(/^enter details {2}s S sort .*q quit$/);
});

test('200x50 has every column and room for all rows that fit', () => {
  const { lines } = after(many, '', { ...PLAIN, width: 200 }, 50);
  expect(lines.length).toBe(50);
  for (const title of ['State', 'Live', 'Created', 'Total', 'Idle', 'Polls', 'Longest', 'Function', 'Created at']) {
    expect(lines[3]).toContain(title);
  }
  expect(lines[1]).toContain('watching costs 1.2 %');
  expect(lines[48]).toContain('f15');
});

test('the selected row is kept when the order changes, and stays in sight', () => {
  const { state, lines } = after(many, 'vvv');
  expect(state.selected.tasks).toBe('t56');
  expect(lines.find((line) => line.startsWith('>'))).toContain('f56 ');
  const turned = after(many, 'vvvS').lines;
  expect(turned.find((line) => line.startsWith('>'))).toContain('f56 ');
  expect(
    after(many, 'E')
      .lines.filter((line) => line.startsWith('>'))
      .join(),
  ).toContain('f0 ');
});

test('s sorts by the next column, S turns the order round, warnings and numbers downwards first', () => {
  const sorted = after(many, 's');
  expect(sorted.state.sorting.tasks).toEqual({ column: 'polls', descending: true });
  const byLongest = after(many, 'ss');
  expect(byLongest.state.sorting.tasks.column).toBe('longest');
  expect(byLongest.lines[4]).toContain('f0 ');
  expect(after(many, 'ssS').lines[4]).toContain('f59 ');
});

test('/ filters letter by letter, literally; the number of rows that are left is told; esc shows all', () => {
  const typing = after(many, '/file1');
  expect(typing.lines[23]).toMatch(/^\/file1_/);
  const { lines } = after(many, '/file1\n');
  expect(lines[2]).toMatch(/\/file1 11 of 60$/);
  expect(after(many, '/.*\n').lines[4]).toContain('none of 60 holds ".*"');
  expect(after(many, '/file1\n\u001b').lines[4]).toContain('f59');
  // Keys are letters while one types
  expect(after(many, '/q?').state.filter).toBe('q?');
});

test('enter shows details: times, warnings, histogram, stack, creators; esc leads back', () => {
  const { lines } = after(many, '/f3 \n\n', PLAIN, 40);
  const text = lines.join('\n');
  expect(text).toContain('f3  Timeout  idle');
  expect(text).toMatch(/total 12\.3 s {2}busy 3\.00 ms \(0\.0 %\)/);
  expect(text).toContain('! never-yields\n  it held the loop for 60 ms');
  expect(text).toMatch(/Poll times {2}p50 10\.0 µs {2}p90 100 µs {2}p99 1\.00 ms {2}max 12\.0 ms/);
  expect(text).toMatch(/≤ 10\.0 µs {2}1,500 █+/);
  expect(text).toContain('Created at\n  handle     /srv/app/server.js:12:5\n  route ');
  expect(text).toContain('Created by\n  f2  PROMISE  /srv/app/lib/file2.js:3:5\n  f1  Timeout');
  expect(after(many, '\n\u001b').lines[3]).toContain('Busy↓');
});

test('a task that is gone is said to be, and the row in its place is selected', () => {
  const { state } = after(many, 'vv\n');
  const without = sceneOf({ tasks: many.snapshot.tasks.filter(({ id }) => id !== 't57') });
  expect(drawFrame(without, state, PLAIN, 24).lines[3]).toBe('It has ended and is no longer kept.');
  const back = drawFrame(without, { ...state, detail: undefined }, PLAIN, 24).lines;
  expect(back.find((line) => line.startsWith('>'))).toContain('f56 ');
});

test('resources, what blocks, the loop and warnings each have their view', () => {
  const scene = sceneOf({
    resources: [
      resource({ id: 'r' }),
      resource({ id: 's', kind: 'server', type: 'TCPServerWrap', live: 1, attributes: [{ key: 'port', value: '80' }] }),
    ],
    warnings: [{ kind: 'unhandled-rejection', text: '3 promises were rejected: boom' }],
    notes: ['the table is full'],
  });
  const resources = after(scene, '2').lines;
  expect(resources[3]).toMatch(/Kind +Opened +Closed +Live↓/);
  expect(resources[4]).toMatch(/^> socket +120 +100 +20 .*keeps/);
  expect(after(scene, '2\n').lines.join('\n')).toMatch(/TCPSocketWrap {2}socket\n.*live 20/);
  const blocks = after(scene, '3').lines;
  expect(blocks[4]).toMatch(/^> +3 +360 ms +130 ms .*hash +app\/server\.js:31 .*pbkdf2Sync/);
  expect(after(scene, '3\n').lines.join('\n')).toContain('pbkdf2Sync  node:internal/crypto/pbkdf2:60:5');
  const loopLines = after(scene, '4').lines.join('\n');
  expect(loopLines).toMatch(/Utilization +42 % +42 %/);
  expect(loopLines).toMatch(/p99\.9 +60\.0 ms/);
  expect(loopLines).toMatch(/minor +12 +9\.00 ms +2\.00 ms +750 µs/);
  const warnings = after(scene, '5').lines.join('\n');
  expect(warnings).toContain('! unhandled-rejection\n  3 promises were rejected: boom');
  expect(warnings).toContain('What was lost or guessed\n  the table is full');
});

test('tokio has no loop of node’s; a program that we started has its output', () => {
  const { loop: _none, ...rest } = snapshot();
  const tokio = sceneOf({ target: { source: 'tokio', title: 'http://127.0.0.1:6669' } });
  expect(after({ ...tokio, snapshot: { ...rest, target: tokio.snapshot.target }, moments: [] }, '').lines[2]).toBe(
    '[1 Tasks] 2 Resources  3 Warnings',
  );
  const printed = sceneOf({}, { output: Array.from({ length: 100 }, (_, i) => `line ${i}`) });
  const { lines } = after(printed, '6');
  expect(lines[2]).toContain('[6 Output]');
  expect(lines[22]).toBe('line 99');
  expect(after(printed, '6k').lines[22]).toBe('line 98');
  expect(after(printed, '6g').lines[3]).toBe('line 0');
});

test('the state of the watching is in the title, and how it ended below', () => {
  expect(after(sceneOf({}, { isPaused: true }), '').lines[0]).toContain('PAUSED');
  expect(after(sceneOf(), 'f').lines[0]).toContain('FROZEN');
  const ended = after(sceneOf({}, { ended: 'process 4711 was killed by SIGKILL' }), '').lines;
  expect(ended[0]).toContain('ENDED');
  expect(ended[23]).toBe('process 4711 was killed by SIGKILL  q quit');
  const replay = { position: 4, length: 60, isPlaying: true, speed: 2 };
  expect(after(sceneOf({}, { replay }), '').lines[0]).toContain('playing x2 5/60');
});

const hostile = '\u001b]0;owned\u0007\u001b[2J\u202eevil\n\t日本語😀';

test('untrusted names never drive the terminal', () => {
  const evil = { ...place(hostile), file: `/srv/${hostile}.js` };
  const scene = sceneOf(
    {
      target: { source: 'node', title: hostile, pid: 1, runtime: hostile, threads: 3 },
      tasks: [
        task({
          id: 'x',
          name: hostile,
          kind: hostile,
          place: evil,
          stack: [evil],
          fields: [{ key: hostile, value: hostile }],
          warnings: [{ kind: 'growing', text: hostile }],
        }),
      ],
      resources: [resource({ id: 'y', type: hostile, kind: hostile, attributes: [{ key: hostile, value: hostile }] })],
      blocking: [blocking({ id: 'z', stack: [evil] })],
      loop: loop({ gc: [{ kind: hostile, count: 1, total: 1, longest: 1 }] }),
      notes: [hostile],
    },
    { output: [hostile], ended: hostile, message: hostile },
  );
  for (const keys of ['', '\n', '2', '2\n', '3', '3\n', '4', '5', '6', `/${'\u202e'}`]) {
    for (const line of after(scene, keys).lines) expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  }
});

test('whatever is pressed in a window of whatever size, no line is wider and there are as many as rows', () => {
  const key = fc.constantFrom(...'12345678\n\u001b\tvPEsS/fjk?wgGx <>'.split(''));
  fc.assert(
    fc.property(
      fc.array(key, { maxLength: 12 }),
      fc.integer({ min: 1, max: 220 }),
      fc.integer({ min: 1, max: 60 }),
      fc.boolean(),
      (keys, width, rows, ascii) => {
        const { lines } = after(many, keys.join(''), { width, color: false, ascii }, rows);
        expect(lines.length).toBeLessThanOrEqual(rows);
        for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(width);
        if (ascii) expect(lines.join('')).toMatch(/^[\x00-\x7f]*$/);
      },
    ),
    { numRuns: 300 },
  );
});
