import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { top } from '../../src/profile/top.ts';
import { decodeSummary } from '../../src/render/html/app/decode.ts';
import { example, runCli, workFolder } from './run-cli.ts';

const SCRIPT = `
function busy() { const end = Date.now() + 300; while (Date.now() < end); }
busy();
`;

/** What a page holds. */
function pageData(page: string) {
  const block = /id="data-summary">([A-Za-z0-9+/=]+)</.exec(page)![1]!;
  return decodeSummary(new Uint8Array(gunzipSync(Buffer.from(block, 'base64'))));
}

describe('flame -o x.html', () => {
  test('records a program; the page holds what the report says, and the source that is at hand', async () => {
    const cwd = workFolder();
    writeFileSync(join(cwd, 'script.js'), SCRIPT);
    const args = ['flame', '--collector', 'v8', '-o', 'x.html', '--', 'node', 'script.js'];
    const { code, stderr } = await runCli(args, { cwd });
    expect(stderr).toContain('wrote x.html');
    expect(stderr).toContain('the page holds lines of 1 source file below this folder');
    expect(code).toBe(0);
    const { summary, profile } = pageData(readFileSync(join(cwd, 'x.html'), 'utf8'));
    expect(summary.title).toBe('node script.js');
    expect(summary.firstTime).toBeGreaterThan(0);
    expect(top(profile)[0]).toMatchObject({ name: 'busy', file: join(cwd, 'script.js'), line: 2 });
    expect(summary.sources).toMatchObject([
      { file: join(cwd, 'script.js'), parts: [{ from: 1, lines: SCRIPT.trimEnd().split('\n') }] },
    ]);
  });

  test('reads recordings; --no-sources and the words of the picture hold', async () => {
    const cwd = workFolder();
    const recording = join(cwd, 'x.cpuprofile');
    await runCli(['record', '--collector', 'v8', '-o', recording, '--', 'node', example('server.js'), '--load', '1'], {
      cwd,
    });
    expect(existsSync(recording)).toBe(true);
    const words = ['--title', 'Shop', '--subtitle', 'one second', '--search', 'gzip|sort', '--inverted'];
    const drawn = await runCli(
      ['flame', recording, '--format', 'html', '-o', '-', '--no-sources', '--no-embed', ...words],
      { cwd },
    );
    expect(drawn.code).toBe(0);
    expect(drawn.stderr).toContain('--no-embed does nothing here');
    const { summary, profile } = pageData(drawn.stdout);
    expect(summary).toMatchObject({ title: 'Shop', search: '/gzip|sort/', inverted: true, sources: [] });
    expect(summary.subtitle).toMatch(/^one second {2}·/);
    const report = await runCli(['report', recording, '--json'], { cwd });
    expect(top(profile)).toEqual(JSON.parse(report.stdout).top);
  });
});
