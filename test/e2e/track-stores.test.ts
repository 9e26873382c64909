import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { hasPostgres, startPostgres } from '../postgres-server.ts';
import { requireTool } from '../require-tool.ts';
import { bin, runCli, workFolder } from './run-cli.ts';

test.skipIf(!requireTool('PostgreSQL', hasPostgres))(
  'track keeps results in any store, and copies from one to the other',
  async () => {
    const server = await startPostgres();
    try {
      const cwd = workFolder();
      server.sql('CREATE DATABASE perf');
      const address = `postgres://postgres@127.0.0.1:${server.port}/perf`;
      const env = { PGPASSWORD: server.password };
      for (const value of [100, 101, 102]) {
        writeFileSync(join(cwd, 'now.json'), JSON.stringify([{ name: 'parse', unit: 'ns', value }]));
        const kept = await runCli(['track', 'now.json', '--store', address, '--suite', 'nightly'], { cwd, env });
        expect(kept.stderr).toBe(`pforge-prof: kept 1 result of (none) in ${address}\n`);
        expect(kept.code).toBe(0);
      }
      const seriesOf = async (store: string): Promise<unknown> => {
        const { stdout, stderr } = await runCli(['track', '--json', '--store', store], { cwd, env });
        expect(stderr).toBe('');
        return JSON.parse(stdout).series;
      };
      const copied = await runCli(['track', '--store', address, '--copy-to', 'sqlite:perf.db'], { cwd, env });
      expect(copied.stderr).toBe(`pforge-prof: copied 3 entries from ${address} to ${join(cwd, 'perf.db')}\n`);
      await runCli(['track', '--store', 'perf.db', '--copy-to', 'perf.jsonl'], { cwd });
      const again = await runCli(['track', '--store', 'perf.jsonl', '--copy-to', address, '--json'], { cwd, env });
      expect(JSON.parse(again.stdout)).toMatchObject({ copied: 0, known: 3, to: address });
      const series = await seriesOf(address);
      expect(series).toMatchObject([{ name: 'parse', suite: 'nightly' }]);
      expect(JSON.stringify(series)).toMatch(/"value":100.*"value":101.*"value":102/);
      expect(await seriesOf('perf.db')).toEqual(series);
      expect(await seriesOf('perf.jsonl')).toEqual(series);
      for (const store of [address, 'sqlite:perf.db']) {
        const served = spawn(process.execPath, [bin, 'dashboard', '--serve', '--no-open', '-q', '--store', store], {
          cwd,
          env: { ...process.env, ...env },
        });
        try {
          const [chunk] = await once(served.stdout, 'data');
          const shown = async (): Promise<string> => (await fetch(`${String(chunk).trim()}picture`)).text();
          const before = await shown();
          const kept = await runCli(['track', 'now.json', '--store', store, '--suite', 'nightly', '-q'], { cwd, env });
          expect(kept.code).toBe(0);
          await vi.waitFor(async () => expect(await shown()).not.toBe(before), { timeout: 20_000, interval: 200 });
        } finally {
          served.kill('SIGKILL');
        }
      }
      const refused = await runCli(['track', '--store', 'postgres://postgres:hush@127.0.0.1:1/perf'], { cwd });
      expect(refused.code).toBe(125);
      expect(refused.stderr).toMatch(
        /^pforge-prof: error: cannot reach postgres:\/\/postgres@127\.0\.0\.1:1\/perf: connect ECONNREFUSED.*\n$/,
      );
    } finally {
      await server.stop();
    }
  },
);
