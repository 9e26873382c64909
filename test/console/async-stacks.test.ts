import { expect, test } from 'vitest';
import { asyncProfile } from '../../src/console/async-stacks.ts';
import { writeFolded } from '../../src/formats/folded/write.ts';
import { defaultValueIndex } from '../../src/profile/profile.ts';
import { place, snapshot, task } from './snapshots.ts';

function folded(profile: ReturnType<typeof asyncProfile>): string[] {
  return [...writeFolded(profile)]
    .map((chunk) => (typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()))
    .join('')
    .trim()
    .split('\n');
}

const server = task({
  id: 'server',
  kind: 'TCPSERVERWRAP',
  stack: [place('listen'), place('main')],
  busy: 5e6,
  idle: 40e6,
});
const request = task({
  id: 'request',
  kind: 'PROMISE',
  stack: [place('query'), place('onRequest')],
  parent: 'server',
  busy: 2e6,
  idle: 7e6,
  scheduled: 1e6,
});

test('a stack is the chain of creators, each by the calls it was created in', () => {
  const lines = folded(asyncProfile(snapshot({ tasks: [request, server] })));
  expect(lines.map((line) => line.replaceAll(/ \/srv[^;]*/g, ''))).toEqual([
    'main;listen;async TCPSERVERWRAP 5000000',
    'main;listen;async TCPSERVERWRAP;onRequest;query;async PROMISE 2000000',
  ]);
});

test('it weighs time on the loop and time waited; the default is as asked for', () => {
  const waiting = asyncProfile(snapshot({ tasks: [request] }), 'waiting');
  expect(waiting.valueTypes.map(({ type }) => type)).toEqual(['busy', 'waiting']);
  expect(waiting.samples.values[defaultValueIndex(waiting)]![0]).toBe(8e6);
  const busy = asyncProfile(snapshot({ tasks: [request] }));
  expect(busy.samples.values[defaultValueIndex(busy)]![0]).toBe(2e6);
});

test('circles of creators, missing ones and chains a hundred thousand long come to an end', () => {
  const circle = [task({ id: 'a', parent: 'b' }), task({ id: 'b', parent: 'a' }), task({ id: 'c', parent: 'c' })];
  expect(asyncProfile(snapshot({ tasks: circle })).samples.length).toBe(3);
  expect(asyncProfile(snapshot({ tasks: [task({ id: 'x', parent: 'gone' })] })).samples.length).toBe(1);
  const chain = Array.from({ length: 100_000 }, (_, i) =>
    task({ id: `t${i}`, stack: [], name: `f${i % 7}`, ...(i > 0 ? { parent: `t${i - 1}` } : {}) }),
  );
  expect(asyncProfile(snapshot({ tasks: chain.reverse() })).samples.length).toBe(100_000);
});

test('what was neither busy nor waiting is no sample', () => {
  expect(asyncProfile(snapshot({ tasks: [task({ id: 'x', busy: 0, idle: 0 })] })).samples.length).toBe(0);
});
