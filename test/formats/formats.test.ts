import { describe, expect, test } from 'vitest';
import { cpuprofile } from '../../src/formats/cpuprofile.ts';
import { folded } from '../../src/formats/folded.ts';
import { inputOf } from '../../src/formats/input.ts';
import { profileJson } from '../../src/formats/json.ts';
import { perfScript } from '../../src/formats/perf-script.ts';
import { formats, readInput } from '../../src/formats/registry.ts';
import { profileOf } from '../profile/profile-of.ts';
import { type FormatCases, testFormat, written } from './harness.ts';

const sample = profileOf`
  [reader 1/2] main;parse{native,module=/bin/app} 1,10 @5
  [writer 1/3] main;(anonymous) /srv/app.js:3:7{app,optimized} 2,30 @9
`;

const cases: Record<string, FormatCases> = {
  'perf-script': {
    format: perfScript,
    fixtures: [
      'perf-script/threads.txt',
      'perf-script/threads-header.txt',
      'perf-script/threads-no-stack.txt',
      'perf-script/threads-srcline.txt',
      'perf-script/threads-bare.txt',
      'perf-script/names.txt',
      'perf-script/names-inline.txt',
      'perf-script/two-events.txt',
      'perf-script/node.txt',
    ],
    small: [
      '# cmdline : perf record ./app',
      'my app 12/13 [001] 1.5: 250 cycles:u: ',
      '\t 1f ns::f(int)+0x1 (/bin/a b (deleted))',
      '\t 20 main (/bin/app)',
      '',
      'node 7/7 2.25: 100 cycles: ',
      '\t 30 JS:*parse file:///a/b.js:1:2 (/tmp/perf-7.map)',
      '',
      '',
    ].join('\n'),
  },
  folded: {
    format: folded,
    fixtures: ['folded/threads.folded'],
    small: '# pforge-prof unit=nanoseconds type=cpu\nmain;parse äö;read 12\nmain;run /a/b.js:1:2 3.5\n',
  },
  cpuprofile: {
    format: cpuprofile,
    fixtures: ['cpuprofile/node.cpuprofile'],
    small: JSON.stringify({
      nodes: [
        { id: 1, callFrame: { functionName: '(root)', url: '', lineNumber: -1, columnNumber: -1 }, children: [2, 3] },
        { id: 2, callFrame: { functionName: 'main', url: 'file:///a%20b.js', lineNumber: 0, columnNumber: 4 } },
        { id: 3, callFrame: { functionName: '(garbage collector)', url: '', lineNumber: -1, columnNumber: -1 } },
      ],
      startTime: 1000,
      endTime: 1600,
      samples: [2, 3, 2],
      timeDeltas: [100, 200, 50],
    }),
  },
  json: { format: profileJson, fixtures: ['json/node.json'], small: written(profileJson, sample) },
};

describe.each(Object.entries(cases))('%s', (_id, format) => {
  testFormat(format);
});

test('every registered format stands in this test, or has its own', () => {
  expect(formats.map(({ id }) => id).sort()).toEqual([...Object.keys(cases), 'perf-data'].sort());
});

test('our own format loses nothing', async () => {
  const text = written(profileJson, sample);
  const again = await readInput(inputOf(text, 'x'));
  expect(again).toEqual({ ...sample, meta: { ...sample.meta, format: 'json' } });
});
