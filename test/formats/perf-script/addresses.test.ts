import { expect, test } from 'vitest';
import { Notes } from '../../../src/formats/format.ts';
import { inputOf } from '../../../src/formats/input.ts';
import { perfScript, readLines } from '../../../src/formats/perf-script.ts';
import { stacksOf } from '../harness.ts';

const TEXT = [
  'app 12/13 1.5: 7 cycles: ',
  '\t    7f00aa [unknown] (/usr/lib/libc.so.6)',
  '\t    7f00bb [unknown] ([unknown])',
  '\t    7f00cc main+0x1f (/bin/app)',
  '',
  'app 12/13 1.6: 7 cycles: ',
  '\t    7f00ab [unknown] (/usr/lib/libc.so.6 (deleted))',
  '\t    7f00bb [unknown] ([unknown])',
  '\t    7f00cd main+0x20 (/bin/app)',
  '',
  '',
].join('\n');

test('frames without a name carry their address where it is asked for, in both readers', async () => {
  for (const reader of [perfScript.read, readLines]) {
    const read = async (addresses: boolean) => stacksOf(await reader(inputOf(TEXT, 'in'), new Notes(), { addresses }));
    expect(await read(true)).toBe(
      'app;main;[unknown <7f00bb>];[libc.so.6 <7f00aa>] 7\napp;main;[unknown <7f00bb>];[libc.so.6 <7f00ab>] 7\n',
    );
    expect(await read(false)).toBe('app;main;[unknown];[libc.so.6] 14\n');
  }
});
