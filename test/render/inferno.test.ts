import { expect, test } from 'vitest';
import { infernoArguments } from '../../src/render/inferno.ts';
import { profileOf } from '../profile/profile-of.ts';

const profile = profileOf('main 1', { meta: { notes: ['lost 3 events'], command: ['node', 'x.js'] } });

test('what is asked by our names, in the words of inferno-flamegraph', () => {
  expect(infernoArguments(profile, {})).toEqual([
    '--subtitle=node x.js',
    '--notes=lost 3 events',
    '--countname=samples',
  ]);
  expect(
    infernoArguments(profile, {
      title: '-t',
      subtitle: 's',
      notes: 'mine',
      width: 1020,
      minWidth: 2,
      colors: 'java',
      inverted: true,
      reverse: true,
      flamechart: false,
      sort: false,
      hash: true,
      countName: 'cycles',
      factor: 0.5,
      textTruncate: 'right',
    }),
  ).toEqual([
    '--title=-t',
    '--subtitle=s',
    '--notes=mine; lost 3 events',
    '--width=1020',
    '--minwidth=0.2',
    '--colors=java',
    '--countname=cycles',
    '--factor=0.5',
    '--inverted',
    '--reverse',
    '--no-sort',
    '--hash',
    '--truncate-text-right',
  ]);
  expect(infernoArguments(profile, { minWidth: { percent: 3 } })).toContain('--minwidth=3');
});

test('counts are called by their unit', () => {
  const waits = profileOf('main 1', { valueTypes: [{ type: 'cpu-clock', unit: 'nanoseconds' }] });
  expect(infernoArguments(waits, {})).toContain('--countname=nanoseconds');
});
