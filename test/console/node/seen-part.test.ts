import { AsyncResource, createHook } from 'node:async_hooks';
import { expect, test } from 'vitest';
import { Choice } from '../../../src/preload/console/choice.ts';
import { Operations } from '../../../src/preload/console/operations.ts';
import { SeenPart } from '../../../src/preload/console/seen-part.ts';

test('the part that windows show is told by the numbers of operations, not by the clock', () => {
  const part = new SeenPart();
  expect(part.part).toBe(undefined);
  let id = 100;
  for (let i = 0; i < 5; i++) {
    part.begins(id + 1);
    id += 20;
    part.ends(id, 20);
    // Those that nobody sees
    id += 380;
  }
  part.begins(id + 1);
  part.ends(id + 20, 20);
  expect(part.part).toBeCloseTo(0.05, 2);
});

test('a few operations tell nothing, and what was seen whole nothing of windows', () => {
  const part = new SeenPart();
  part.begins(1);
  part.ends(50, 50);
  expect(part.part).toBe(undefined);
  part.begins(100);
  part.ends(105, 5);
  expect(part.part).toBe(undefined);
  part.begins(155);
  part.ends(160, 6);
  expect(part.part).toBeCloseTo(0.1, 2);
  part.forget(200);
  expect(part.part).toBe(undefined);
});

/** Makes operations of node, and promises, as many as that. */
function make(count: number): void {
  for (let i = 0; i < count; i++) new AsyncResource('MADE');
  for (let i = 0; i < 10 * count; i++) void Promise.resolve();
}

function partOf(operations: Operations): number {
  for (let i = 0; i < 8; i++) {
    operations.begin(1e9, Number.POSITIVE_INFINITY);
    make(30);
    operations.end();
    make(270);
  }
  operations.begin(1e9, Number.POSITIVE_INFINITY);
  make(30);
  operations.end();
  return operations.partSeen!;
}

test('of what node really makes: one in ten, whether or not somebody else watches promises', () => {
  expect(partOf(new Operations(false))).toBeCloseTo(0.1, 2);
  const theirs = createHook({ init() {} }).enable();
  try {
    expect(partOf(new Operations(false))).toBeCloseTo(0.1, 2);
  } finally {
    theirs.disable();
  }
});

test('hooks that end with a number of calls leave none of node on promises', async () => {
  const operations = new Operations(false);
  operations.begin(1e9, 100);
  for (let i = 0; i < 200; i++) await Promise.resolve();
  expect(operations.on).toBe(false);
  await new Promise((done) => setImmediate(done));
  expect(Object.getOwnPropertySymbols(Promise.resolve())).toEqual([]);
});

test('what is rare has its place among thousands of promises, in windows as well', () => {
  const operations = new Operations(false);
  for (let i = 0; i < 50; i++) {
    operations.begin(1e9, Number.POSITIVE_INFINITY);
    for (let j = 0; j < 1000; j++) void Promise.resolve();
    for (let j = 0; j < 2; j++) new AsyncResource('MADE');
    operations.end();
  }
  expect(operations.promises.every).toBeGreaterThan(1);
  const made = operations.report(true).filter(({ type }) => type === 'MADE');
  expect(made.reduce((sum, { created }) => sum + created, 0)).toBe(100);
});

test('one of so many is chosen, on the average', () => {
  const choice = new Choice();
  expect(choice.takes()).toBe(true);
  choice.begin(100);
  choice.spend(101);
  expect(choice.every).toBe(4);
  let taken = 0;
  for (let i = 0; i < 10_000; i++) if (choice.takes()) taken++;
  expect(taken).toBeGreaterThan(2300);
  expect(taken).toBeLessThan(2700);
});
