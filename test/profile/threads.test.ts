import { expect, test } from 'vitest';
import { fold } from '../../src/profile/fold.ts';
import { KINDS, type Thread } from '../../src/profile/profile.ts';
import { rootByThread } from '../../src/profile/threads.ts';
import { linesOf, profileOf } from './profile-of.ts';

const profile = profileOf`
  [node 12/12] main;a 1
  [V8 Worker 12/13] main;a 2
  [node 12/14] main;a 4
  [node ?/?] main 8
  main;a 16
  [node 12/12] 32
  64
`;

test('comm: the thread name, its blanks as _', () => {
  expect(linesOf(rootByThread(profile, 'comm'))).toEqual([
    'node;main;a 1',
    'V8_Worker;main;a 2',
    'node;main;a 4',
    'node;main 8',
    'main;a 16',
    'node 32',
    '64',
  ]);
});

test('name: the thread name as it is', () => {
  expect(linesOf(rootByThread(profile, 'name')).slice(0, 2)).toEqual(['node;main;a 1', 'V8 Worker;main;a 2']);
});

test('pid and tid, ? where unknown', () => {
  expect(linesOf(rootByThread(profile, 'pid')).slice(0, 4)).toEqual([
    'node-12;main;a 1',
    'V8_Worker-12;main;a 2',
    'node-12;main;a 4',
    'node-?;main 8',
  ]);
  expect(linesOf(rootByThread(profile, 'tid')).slice(0, 4)).toEqual([
    'node-12/12;main;a 1',
    'V8_Worker-12/13;main;a 2',
    'node-12/14;main;a 4',
    'node-?/?;main 8',
  ]);
});

test('threads of one name share their stacks', () => {
  expect(linesOf(fold(rootByThread(profile, 'comm'))).sort()).toEqual(
    ['64', 'V8_Worker;main;a 2', 'main;a 16', 'node 32', 'node;main 8', 'node;main;a 5'].sort(),
  );
});

test('the root is of kind unknown, and no second frame where there is such a one', () => {
  const rooted = rootByThread(profileOf`[main 1/1] main;main{app} 1`, 'comm');
  expect(linesOf(rooted)).toEqual(['main;main;main 1']);
  expect(Array.from(rooted.frames.kind, (kind) => KINDS[kind])).toEqual(['unknown', 'app']);
});

test('a profile without threads is the same', () => {
  const bare = profileOf`main 1`;
  expect(rootByThread(bare, 'tid')).toBe(bare);
});

test('samples keep their threads and times', () => {
  const timed = profileOf`
    [a 1/1] main 1 @5
    [b 1/2] main 1 @6
  `;
  const { samples, threads } = rootByThread(timed, 'comm');
  expect(threads).toEqual(timed.threads);
  expect([samples.thread, samples.time]).toEqual([timed.samples.thread, timed.samples.time]);
});

test('a nameless thread goes by its process, else [unknown]; any name is only a name', () => {
  const thread = (name: string, process: string): Thread => ({ pid: 1, tid: 1, name, process });
  const { threads: _, ...rest } = profileOf`
    [a 1/1] main 1
    [b 1/1] main 1
    [c 1/1] main 1
  `;
  const threads = [thread('', 'my app'), thread('', ''), thread('__proto__', '')];
  expect(linesOf(rootByThread({ ...rest, threads }, 'comm'))).toEqual([
    'my_app;main 1',
    '[unknown];main 1',
    '__proto__;main 1',
  ]);
});
