import { expect, test } from 'vitest';
import { extensionOf, formatOfName } from '../../../src/commands/options/result-format.ts';
import { WRITABLE_FORMATS } from '../../../src/formats/writable.ts';

test.each([
  ['x.pprof', 'pprof'],
  ['x.pb.gz', 'pprof'],
  ['/a.b/x.pb', 'pprof'],
  ['x.speedscope', 'speedscope'],
  ['x.speedscope.json', 'speedscope'],
  ['x.json', 'json'],
  ['speedscope.json', 'json'],
  ['x.gz', undefined],
  ['x', undefined],
  ['-', undefined],
])('%s is %s', (name, format) => {
  expect(formatOfName(name, WRITABLE_FORMATS)).toBe(format);
});

test('an ending of a format that is not to be had says nothing', () => {
  expect(formatOfName('x.speedscope.json', [{ id: 'json', extension: 'json' }])).toBe('json');
  expect(formatOfName('x.pb.gz', [{ id: 'json', extension: 'json' }])).toBeUndefined();
  expect(extensionOf('x.pb.gz')).toBe('gz');
});
