import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { findTool } from '../../../src/processes/executables.ts';
import { requireTool } from '../../require-tool.ts';
import { FIXTURES } from '../harness.ts';
import { printed } from './ms-print.ts';
import { peerRecordings } from './peer-recordings.ts';

const folder = join(FIXTURES, 'massif');
const recordings = readdirSync(folder).filter((name) => name.endsWith('.out'));
const msPrint = requireTool('ms_print', findTool('ms_print') !== undefined);

const OPTIONS = [
  [],
  ['--threshold=0'],
  ['--threshold=5', '--x=100', '--y=10'],
  ['--y=4', '--x=4', '--threshold=33.3'],
  ['--threshold=100', '--x=1000', '--y=50'],
];

describe.each(recordings)('%s', (name) => {
  const path = join(folder, name);

  test('is printed as ms_print printed it when it was recorded', async () => {
    const golden = gunzipSync(readFileSync(join(FIXTURES, 'ms_print', `${name.slice(0, -4)}.txt.gz`)));
    expect((await printed(path, [], name)).toString('latin1')).toBe(golden.toString('latin1'));
  });

  test.skipIf(!msPrint).each(OPTIONS.map((options) => ({ options })))(
    'is printed as the ms_print of this machine prints it: $options',
    async ({ options }) => {
      const golden = execFileSync('ms_print', [...options, name], { cwd: folder, maxBuffer: 1 << 28, stdio: 'pipe' });
      expect((await printed(path, options, name)).equals(golden)).toBe(true);
    },
  );
});

describe.each(peerRecordings)('$name', ({ path, printed: texts }) => {
  test.each(texts)('is printed as ms_print $options prints it, byte for byte', async ({ text, options }) => {
    expect((await printed(path, options)).toString('latin1')).toBe(text.toString('latin1'));
  });
});
