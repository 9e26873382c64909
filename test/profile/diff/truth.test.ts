import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { findTool } from '../../../src/processes/executables.ts';
import { requireTool } from '../../require-tool.ts';

const script = resolve(import.meta.dirname, '../../../scripts/diff-truth.mjs');
const tools = ['perf', 'gcc'].map((name) => requireTool(name, findTool(name) !== undefined));

/** Few pairs, as each is seconds of recording: `node scripts/diff-truth.mjs` has as many as one likes. */
test.skipIf(tools.includes(false))(
  'recordings of one program do not differ; a function that became slower is found, with its caller, and nothing else',
  async () => {
    const pairs = 2;
    const options = ['--json', '--pairs', String(pairs), '--programs', 'c', '--rounds', '50000'];
    const { stdout } = await promisify(execFile)(process.execPath, [script, ...options], {
      cwd: join(script, '../..'),
    });
    const [{ same, slower }] = JSON.parse(stdout);
    expect(same.flagged).toBe(0);
    expect(slower.hash.found).toBeGreaterThanOrEqual(pairs - 1);
    expect(slower.hash.callers).toBeGreaterThanOrEqual(pairs - 1);
    expect(slower.hash.only).toBeGreaterThanOrEqual(pairs - 1);
  },
  600_000,
);
