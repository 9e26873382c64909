import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pullFromClickhouse } from '../../src/fleet/clickhouse/pull-profile.ts';
import { makeTables, pushToClickhouse } from '../../src/fleet/clickhouse/push-profile.ts';
import { parseDestination } from '../../src/fleet/destination.ts';
import { httpTransport } from '../../src/fleet/http.ts';
import type { Origin } from '../../src/fleet/origin.ts';
import { writeFolded } from '../../src/formats/folded/write.ts';
import { ProfileBuilder } from '../../src/profile/builder.ts';
import { merge } from '../../src/profile/merge.ts';
import type { Profile } from '../../src/profile/profile.ts';
import { type ClickhouseServer, hasClickhouse, startClickhouse } from '../clickhouse-server.ts';
import { runCli, workFolder } from '../e2e/run-cli.ts';
import { arbitraryProfile } from '../profile/arbitrary-profile.ts';
import { requireTool } from '../require-tool.ts';

const isDistinct = (list: readonly object[]): boolean =>
  new Set(list.map((one) => JSON.stringify(one))).size === list.length;
const fixture = (name: string): string => resolve(import.meta.dirname, '../../fixtures', name);

describe.skipIf(!requireTool('clickhouse-server', hasClickhouse))('profiles in a real ClickHouse', () => {
  let server: ClickhouseServer;
  let count = 0;
  beforeAll(async () => {
    server = await startClickhouse();
  });
  afterAll(() => server?.stop());

  const database = async (): Promise<string> => {
    const name = `d${count++}`;
    await server.query(`CREATE DATABASE ${name}`);
    return `clickhouse://${server.address}/${name}`;
  };
  const ok = async (...words: string[]): Promise<string> => {
    const { code, stdout, stderr } = await runCli(words);
    expect(stderr).not.toMatch(/error/);
    expect(code).toBe(0);
    return stdout;
  };
  const ever = ['--from', '1970-01-02', '--to', '2099-01-01'];
  const origin = (more: Partial<Origin> = {}): Origin => ({
    service: 'api',
    host: 'h1',
    labels: new Map(),
    start: Date.UTC(2026, 0, 2, 3),
    ...more,
  });
  const folded = (profile: Profile): string =>
    Buffer.concat([...writeFolded(profile, 'comm')].map((one) => Buffer.from(one))).toString();
  const pulled = (address: string, more: object = {}): Promise<Profile> => {
    const destination = parseDestination(address, {});
    const query = { service: 'api', from: 0, to: Date.UTC(2099, 0), conditions: [], ...more };
    return pullFromClickhouse(query, destination, httpTransport(destination.place, undefined));
  };
  const pushed = async (address: string, profiles: readonly Profile[], more: Partial<Origin> = {}) => {
    const destination = parseDestination(address, {});
    const transport = httpTransport(destination.place, undefined);
    await makeTables(destination, transport);
    const sent = [];
    for (const [i, profile] of profiles.entries()) {
      sent.push(await pushToClickhouse(profile, origin({ host: `h${i}`, ...more }), destination, transport));
    }
    return sent;
  };

  test('what is merged in the engine is what merging the files gives, letter for letter', async () => {
    const address = await database();
    const files = [fixture('cpuprofile/node.cpuprofile'), fixture('perf-data/threads.data.gz')];
    const all = await ok('push', ...files, '--to', address, '--service', 'api', '--label', 'region=eu');
    expect(all).toBe('');
    expect(await ok('convert', address, '--service', 'api', ...ever)).toBe(await ok('convert', ...files));
    // Once more, as a job that was not sure does: it counts once
    await ok('push', ...files, '--to', address, '--service', 'api', '--label', 'region=eu');
    expect(await ok('convert', address, '--service', 'api', ...ever)).toBe(await ok('convert', ...files));
    const top = (text: string): unknown[] =>
      JSON.parse(text).top.map(({ name, self, total }: Record<string, unknown>) => [name, self, total]);
    const far = top(await ok('flame', `${address}?service=api&region=eu`, ...ever, '--json'));
    expect(far).toEqual(top(await ok('flame', ...files, '--json')));
  });

  test('any profiles come back as their merge', async () => {
    const address = await database();
    let number = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(arbitraryProfile, { minLength: 1, maxLength: 3 }), async (profiles) => {
        // The same weight twice in one profile would be one there; no reader of ours makes such, nor profiles of nothing
        fc.pre(profiles.every(({ samples, valueTypes }) => samples.length > 0 && isDistinct(valueTypes)));
        // Without times of their own, so that the order of merging is that of the calls
        const plain = profiles.map((one, i) => ({ ...one, meta: { notes: [], startTime: Date.UTC(2026, 0, 2 + i) } }));
        const service = `s${number++}`;
        await pushed(address, plain, { service });
        const back = await pulled(address, { service });
        // Half a surrogate pair is no text: it is stored as U+FFFD, which is sorted elsewhere
        const stored = plain.map((one) => ({
          ...one,
          strings: one.strings.map((text) => Buffer.from(text).toString()),
        }));
        expect(folded(back)).toBe(folded(merge(stored)));
      }),
      { numRuns: 8 },
    );
  });

  test('stacks are stored once, whoever has them; deep ones as well', async () => {
    const address = await database();
    const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
    let stack = -1;
    for (let i = 0; i < 100_000; i++) stack = builder.stack(stack, builder.frame({ name: `f${i % 7}` }));
    builder.sample(stack, [3]);
    const deep = builder.build();
    const sent = await pushed(address, [deep, deep]);
    expect(sent).toEqual([
      { frames: 7, stacks: 1, samples: 1 },
      { frames: 0, stacks: 0, samples: 1 },
    ]);
    expect(folded(await pulled(address))).toBe(folded(merge([deep, deep])));
  });

  test('service, host, labels and times choose', async () => {
    const address = await database();
    const folder = workFolder();
    const push = async (name: string, ...more: string[]): Promise<void> => {
      writeFileSync(join(folder, name), `main;${name} 10\n`);
      await ok('push', join(folder, name), '--to', address, ...more);
    };
    const hour = (h: number): string[] => ['--time', `2026-01-02T0${h}:00`];
    await push('a', '--service', 'api', '--label', 'region=eu', '--label', 'tier=web', '--host', 'h1', ...hour(1));
    await push('b', '--service', 'api', '--label', 'region=us', '--host', 'h2', ...hour(2));
    await push('c', '--service', 'api', '--host', 'h2', ...hour(3));
    await push('d', '--service', "o'clock\\", '--label', "region=e'u\\", '--host', 'h3', ...hour(3));
    const found = async (service: string, ...more: string[]): Promise<string> =>
      [
        ...(
          await ok('convert', address, '--service', service, ...(more.includes('--from') ? [] : ever), ...more)
        ).matchAll(/;(\w) /g),
      ]
        .map((match) => match[1])
        .join('');
    expect(await found('api')).toBe('abc');
    expect(await found('api', '--where', 'region=eu')).toBe('a');
    expect(await found('api', '--where', 'region!=eu')).toBe('bc');
    expect(await found('api', '--where', 'host=h2', '--where', 'region=us')).toBe('b');
    expect(await found('api', '--from', '2026-01-02T02:00', '--to', '2026-01-02T03:00')).toBe('b');
    expect(await found("o'clock\\", '--where', "region=e'u\\")).toBe('d');
    expect(await found("o'clock\\", '--where', "region=e'u\\")).toBe('d');
    const none = await runCli(['convert', address, '--service', "x' OR '1'='1", ...ever]);
    expect(none.code).toBe(2);
    expect(none.stderr).toMatch(/has no samples of service x' OR '1'='1 from .*; services there are /);
    const early = await runCli(['flame', address, '--service', 'api', '-o', join(folder, 'x.svg')]);
    expect(early.stderr).toMatch(/its last sample is of 2026-01-02T03:00:00Z; --from, --to and --where choose/);
  });

  test('diff compares two times of a service, or two services', async () => {
    const address = await database();
    const folder = workFolder();
    const [before, after] = ['before', 'after'].map((name) => join(folder, `${name}.folded`)) as [string, string];
    writeFileSync(before, 'main;parse 300\nmain;render 700\n');
    writeFileSync(after, 'main;parse 900\nmain;render 700\n');
    await ok('push', before, '--to', address, '--service', 'api', '--time', '2026-01-02T01:00');
    await ok('push', after, '--to', address, '--service', 'api', '--time', '2026-01-02T02:00');
    const far = await ok(
      'diff',
      `${address}?from=2026-01-02T01:00&to=2026-01-02T02:00`,
      `${address}?from=2026-01-02T02:00&to=2026-01-02T03:00`,
      ...['--service', 'api', '--format', 'folded'],
    );
    expect(far).toBe(await ok('diff', before, after, '--format', 'folded'));
    const secret = address.replace('//', `//${server.user.name}:${encodeURIComponent(server.user.password)}@`);
    const { stdout, stderr } = await runCli([
      'diff',
      `${secret}?${'from=2026-01-02T01:00&to=2026-01-02T02:00'}`,
      `${secret}?from=2026-01-02T02:00&to=2026-01-02T03:00`,
      '--service',
      'api',
    ]);
    expect(stdout).toContain('<svg');
    expect(stdout + stderr).not.toMatch(/sesame/);
  });

  test('credentials of the address or the environment; errors are one line and tell no password', async () => {
    const address = await database();
    const file = fixture('cpuprofile/node.cpuprofile');
    const { name, password } = server.user;
    const signed = address.replace('//', `//${name}:${encodeURIComponent(password)}@`);
    const push = (to: string, env: NodeJS.ProcessEnv = {}) =>
      runCli(['push', file, '--to', to, '--service', 'api'], { env });
    expect((await push(signed)).code).toBe(0);
    expect((await push(address, { CLICKHOUSE_USER: name, CLICKHOUSE_PASSWORD: password })).code).toBe(0);
    const wrong = await push(address.replace('//', '//writer:tell-nobody@'));
    expect(wrong.code).toBe(125);
    expect(wrong.stderr).toMatch(
      /^pforge-prof: error: clickhouse:\/\/127[\d.:]+\/d\d+ answered 401: Wrong password for user writer; credentials belong/m,
    );
    expect(wrong.stderr).not.toContain('tell-nobody');
    expect((await push(`clickhouse://${server.address}/nowhere`)).stderr).toMatch(
      /answered 404: Database nowhere doesn't exist/,
    );
    expect((await push('clickhouse://127.0.0.1:9/x')).stderr).toMatch(
      /cannot reach clickhouse:\/\/127\.0\.0\.1:9\/x: /,
    );
    const empty = await runCli(['flame', await database(), '--service', 'api']);
    expect(empty.stderr).toMatch(/has no profiles: no table pforge_prof_samples; pforge-prof push makes it/);
    expect((await runCli(['flame', address])).stderr).toMatch(/which service\?; give --service NAME/);
  });

  test('the query that the documentation shows finds the hottest functions', async () => {
    const address = await database();
    const file = join(workFolder(), 'now.folded');
    writeFileSync(file, 'main;parse 30\nmain;render 70\nmain 5\n');
    await ok('push', file, '--to', address, '--service', 'api');
    const docs = readFileSync(resolve(import.meta.dirname, '../../docs/fleet.md'), 'utf8');
    const query = /-- the hottest functions.*\n([\s\S]*?)\n\n/.exec(docs)![1]!;
    const name = address.split('/').at(-1)!;
    const found = await server.query(query.replaceAll('pforge_prof_', `${name}.pforge_prof_`));
    expect(found).toBe('render\t70\nparse\t30\nmain\t5');
  });

  test('--dry-run says what would be sent, and sends nothing', async () => {
    const address = await database();
    const text = await ok(
      'push',
      fixture('cpuprofile/node.cpuprofile'),
      '--to',
      address,
      '--service',
      'api',
      '--dry-run',
    );
    expect(text).toMatch(/CREATE TABLE IF NOT EXISTS pforge_prof_samples/);
    expect(text).toMatch(/INSERT\+INTO\+pforge_prof_samples.*: \d+ rows/);
    expect(
      await server.query(`SELECT count() FROM system.tables WHERE database = '${address.split('/').at(-1)}'`),
    ).toBe('0');
  });

  test('connections that break after the server has taken the rows: sent again, counted once', async () => {
    const address = await database();
    let broken = 0;
    let requests = 0;
    const proxy: Server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { host: _host, connection: _connection, 'transfer-encoding': _encoding, ...headers } = request.headers;
      const body = Buffer.concat(chunks);
      const answer = await fetch(`http://${server.address}${request.url}`, {
        method: request.method!,
        headers: headers as Record<string, string>,
        ...(request.method === 'GET' ? {} : { body }),
      });
      const bytes = Buffer.from(await answer.arrayBuffer());
      // Every third request: done, and never told
      if (++requests % 3 === 0) {
        broken++;
        request.socket.destroy();
      } else response.writeHead(answer.status).end(bytes);
    });
    await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
    const { port } = proxy.address() as { port: number };
    const file = fixture('perf-data/threads.data.gz');
    await ok('push', file, '--to', address.replace(server.address, `127.0.0.1:${port}`), '--service', 'api');
    await new Promise((done) => proxy.close(done));
    expect(broken).toBeGreaterThan(1);
    expect(await ok('convert', address, '--service', 'api', ...ever)).toBe(await ok('convert', file));
  });

  test('200,000 samples in 20,000 stacks go there and come back the same', async () => {
    const address = await database();
    const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
    const stacks = Array.from({ length: 20_000 }, (_, i) => {
      let stack = -1;
      for (let depth = 0; depth < 20; depth++) {
        stack = builder.stack(
          stack,
          builder.frame({ name: `f${(i * 31 + depth * depth) % 3000}`, file: '/app/x.js', line: 7 }),
        );
      }
      return stack;
    });
    for (let i = 0; i < 200_000; i++) builder.sample(stacks[(i * 7919) % 20_000]!, [1], i * 5e7);
    const profile = builder.build();
    const begin = performance.now();
    const cpu = process.cpuUsage();
    const [sent] = await pushed(address, [profile]);
    const between = performance.now();
    const back = await pulled(address);
    const { user, system } = process.cpuUsage(cpu);
    const ms = (from: number, to: number): string => `${Math.round(to - from)} ms`;
    console.log(
      `200,000 samples: pushed in ${ms(begin, between)}, pulled in ${ms(between, performance.now())}, ${ms(0, (user + system) / 1000)} of CPU of ours`,
    );
    expect(sent!.samples).toBe(200_000);
    expect(folded(back)).toBe(folded(profile));
  });
});
