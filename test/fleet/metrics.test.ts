import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openHistory } from '../../src/history/store.ts';
import { runCli, workFolder } from '../e2e/run-cli.ts';
import { requireTool } from '../require-tool.ts';
import { hasGateway, hasVictoria, type RealServer, startGateway, startVictoria } from './servers.ts';

const ok = async (...words: string[]): Promise<string> => {
  const { code, stdout, stderr } = await runCli(words);
  expect(stderr).not.toMatch(/error/);
  expect(code).toBe(0);
  return stdout;
};

const odd = 'a "b" \\ ü\nx';
const benchmarks = JSON.stringify([
  { name: odd, unit: 'ns', value: 1500, range: '± 100' },
  { name: 'size', unit: 'bytes', value: 2048 },
  { name: 'rate', unit: 'ops/s', value: 12.5 },
]);
const load = JSON.stringify({
  format: 'pforge-prof-load',
  url: 'http://127.0.0.1/',
  seconds: 10,
  bytes: 1,
  requests: 1000,
  errors: { connect: 0, reset: 2, timeout: 1, parse: 0, status: 0 },
  rps: 100,
  bytesPerSecond: 1,
  latency: { unit: 'us', p50: 500, p90: 900, p99: 2000, p999: 3000, max: 4000, mean: 600, stdev: 10 },
});

describe.skipIf(!requireTool('prometheus-pushgateway', hasGateway))('results in a real Pushgateway', () => {
  let server: RealServer;
  beforeAll(async () => {
    server = await startGateway();
  });
  afterAll(() => server?.stop());

  test('benchmarks arrive in base units, whatever their names; pushed again they are replaced', async () => {
    const folder = workFolder();
    const file = join(folder, 'results.json');
    writeFileSync(file, benchmarks);
    const to = `prometheus+http://${server.address}`;
    const labels = ['--label', 'branch=feature/x', '--host', 'ci-1', '--service', 'api'];
    await ok('push', file, '--to', to, ...labels);
    await ok('push', file, '--to', to, ...labels);
    const text = await server.get('/metrics');
    const lines = text.split('\n').filter((line) => line.startsWith('pforge_prof_'));
    const group = 'branch="feature/x"';
    expect(lines).toContainEqual(
      `pforge_prof_benchmark_seconds{benchmark="a \\"b\\" \\\\ ü\\nx",${group},instance="ci-1",job="pforge-prof",service="api"} 1.5e-06`,
    );
    expect(lines.some((line) => line.startsWith('pforge_prof_benchmark_bytes{') && line.endsWith(' 2048'))).toBe(true);
    expect(lines.some((line) => line.includes('unit="ops/s"') && line.endsWith(' 12.5'))).toBe(true);
    expect(text).toContain('# HELP pforge_prof_benchmark_seconds Time of one iteration of a benchmark.');
    // Only those that remain
    writeFileSync(file, JSON.stringify([{ name: 'other', unit: 'ns', value: 1 }]));
    await ok('push', file, '--to', to, ...labels);
    expect(await server.get('/metrics')).not.toContain('ops/s');
  });

  test('a load arrives with its latencies as quantiles', async () => {
    const file = join(workFolder(), 'load.json');
    writeFileSync(file, load);
    await ok('push', file, '--to', `prometheus+http://${server.address}`, '--job', 'load', '--host', '');
    const text = await server.get('/metrics');
    expect(text).toMatch(/pforge_prof_load_latency_seconds\{.*quantile="0\.99".*\} 0\.002\n/);
    expect(text).toMatch(/pforge_prof_load_errors\{.*kind="reset".*\} 2\n/);
    expect(text).toMatch(/pforge_prof_load_requests\{.*\} 1000\n/);
  });

  test('two results of one name, a history, nothing: one line each', async () => {
    const folder = workFolder();
    const file = join(folder, 'twice.json');
    const to = ['--to', `prometheus+http://${server.address}`];
    writeFileSync(file, JSON.stringify([1, 2].map((value) => ({ name: 'same', unit: 'ns', value }))));
    expect((await runCli(['push', file, ...to])).stderr).toMatch(/there are two results of the same name: .*"same"/);
    expect((await runCli(['push', '--history', 'h.jsonl', ...to])).stderr).toMatch(
      /keeps the last number and no times/,
    );
    writeFileSync(file, benchmarks);
    expect((await runCli(['push', file, '--to', 'prometheus+http://127.0.0.1:9'])).stderr).toMatch(
      /cannot reach prometheus\+http:\/\/127\.0\.0\.1:9: /,
    );
  });
});

describe.skipIf(!requireTool('victoria-metrics', hasVictoria))('results in a real VictoriaMetrics', () => {
  let server: RealServer;
  beforeAll(async () => {
    server = await startVictoria();
  });
  afterAll(() => server?.stop());

  interface Exported {
    readonly metric: Readonly<Record<string, string>>;
    readonly values: readonly number[];
    readonly timestamps: readonly number[];
  }
  /** Points that were written a moment ago are in no query yet, but are exported. */
  const exported = async (name: string, count: number): Promise<Exported[]> => {
    for (let tries = 0; ; tries++) {
      await server.get('/internal/force_flush');
      const text = await server.get(`/api/v1/export?match[]=${encodeURIComponent(`{__name__="${name}"}`)}`);
      const series = text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Exported);
      if (series.length >= count || tries > 100) return series;
      await new Promise((done) => setTimeout(done, 100));
    }
  };

  test('a history comes back with its times; pushed twice it is there once', async () => {
    const folder = workFolder();
    const place = join(folder, 'history.db');
    const store = await openHistory(place);
    const times = Array.from({ length: 50 }, (_, i) => Date.UTC(2025, 0, 1 + i, 12));
    await store.appendAll(
      times.map((time, i) => ({
        version: 1,
        time: new Date(time + 5000).toISOString(),
        suite: 'unit',
        commit: { id: `c${i}`, time: new Date(time).toISOString(), branch: 'main' },
        machine: '2 x cpu',
        tools: {},
        results: [{ name: 'parse', unit: 'ns', better: 'smaller', value: 1000 + i, low: 990, high: 1100 }],
      })),
    );
    await store.close();
    const to = ['--to', `victoriametrics+http://${server.address}`, '--host', 'h'];
    for (let i = 0; i < 2; i++) await ok('push', '--history', place, ...to);
    const [series] = await exported('pforge_prof_benchmark_seconds', 1);
    expect(series!.metric).toEqual({
      __name__: 'pforge_prof_benchmark_seconds',
      benchmark: 'parse',
      branch: 'main',
      instance: 'h',
      job: 'pforge-prof',
      machine: '2 x cpu',
      suite: 'unit',
    });
    const points = new Map(series!.timestamps.map((time, i) => [time, series!.values[i]!]));
    expect([...points.keys()]).toEqual(times);
    expect([...points.values()].map((value) => Math.round(value * 1e9))).toEqual(times.map((_, i) => 1000 + i));
    expect(await exported('pforge_prof_benchmark_seconds_low', 1)).toHaveLength(1);
  });

  test('results of a file, at its time; --dry-run shows the lines', async () => {
    const file = join(workFolder(), 'results.json');
    writeFileSync(file, benchmarks);
    const to = [
      '--to',
      `victoriametrics+http://${server.address}`,
      '--time',
      '2026-01-02T03:04:05',
      '--label',
      'run=7',
    ];
    const text = await ok('push', file, ...to, '--dry-run');
    expect(text).toMatch(/^POST \/api\/v1\/import to victoriametrics\+http:\/\/127/);
    expect(JSON.parse(text.split('\n')[1]!.replaceAll('\\x0a', '\n'))).toMatchObject({
      timestamps: [Date.UTC(2026, 0, 2, 3, 4, 5)],
    });
    await ok('push', file, ...to);
    const [series] = await exported('pforge_prof_benchmark_value', 1);
    expect(series).toMatchObject({ metric: { benchmark: 'rate', unit: 'ops/s', run: '7' }, values: [12.5] });
  });
});
