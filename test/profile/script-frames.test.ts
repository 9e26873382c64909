import { expect, test } from 'vitest';
import { scriptFrames, scriptsOf } from '../../src/profile/script-frames.ts';
import { totalWeight } from '../../src/profile/total.ts';
import { linesOf, profileOf } from './profile-of.ts';

const V8 = profileOf(
  'run node:internal/main:1{runtime};parse /a/b.js:1:2{app};sort{builtin} 3\n(program){native} 2\n(garbage collector){gc} 1',
);
const PERF = profileOf(`
  _start{native,module=/bin/node};run node:internal/main:1{runtime,module=/tmp/perf-7.map};v8::Call{native,module=/bin/node};parse /a/b.js:1:2{app,module=/tmp/perf-7.map};memcpy{native,module=libc.so.6};page_fault{kernel} 5
  _start{native,module=/bin/node};v8::Init{native,module=/bin/node} 4
  _start{native,module=/bin/node};run node:internal/main:1{runtime,module=/tmp/perf-7.map};v8::Heap::Collect{gc,module=/bin/node} 2
  1
`);

test('what kinds of code a profile holds', () => {
  expect(scriptsOf(V8).are).toBe('only');
  expect(scriptsOf(PERF).are).toBe('among');
  expect(scriptsOf(profileOf('main /src/main.c:3{app,module=/bin/app};read{kernel} 1')).are).toBe('none');
});

test('as V8 tells it: JavaScript alone, the rest in two words; no weight is lost', () => {
  const told = scriptFrames(PERF, scriptsOf(PERF));
  expect(linesOf(told)).toEqual([
    'run node:internal/main:1;parse /a/b.js:1:2 5',
    '(program) 4',
    '(garbage collector) 2',
    '(program) 1',
  ]);
  expect(totalWeight(told)).toBe(totalWeight(PERF));
});
