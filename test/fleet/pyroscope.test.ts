import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Profile as PprofProfile } from 'pprof-format';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli, workFolder } from '../e2e/run-cli.ts';
import { type ContractServer, type Received, startContract } from './servers.ts';

const fixture = (name: string): string => resolve(import.meta.dirname, '../../fixtures', name);

/** The parts of a form, as any server parses them. */
async function formOf({ headers, body }: Received): Promise<FormData> {
  return new Response(new Uint8Array(body), { headers: { 'content-type': headers['content-type']! } }).formData();
}

/**
 * What the documentation of `POST /ingest` asks for (grafana.com/docs/pyroscope: Server HTTP API), and what the server's own
 * code says of names: `app.type{label=value,...}`.
 * @returns what is wrong; undefined = nothing
 */
async function breach(request: Received): Promise<string | undefined> {
  const { method, path, query, headers, body } = request;
  if (method !== 'POST' || path !== '/ingest') return `no such endpoint: ${method} ${path}`;
  const name = query.get('name') ?? '';
  if (!/^[^{}=,]+\{(?:[^{}=,]+=[^{}=,]*(?:,[^{}=,]+=[^{}=,]*)*)?\}$/.test(name)) return `invalid name ${name}`;
  const [from, until] = [Number(query.get('from')), Number(query.get('until'))];
  if (!Number.isInteger(from) || !Number.isInteger(until) || from < 1e9 || until <= from)
    return 'invalid from or until';
  if (query.get('format') === 'folded') {
    const type = /\.([^.{]+)\{/.exec(name)?.[1];
    if (!['cpu', 'wall', 'inuse_objects', 'inuse_space', 'alloc_objects', 'alloc_space'].includes(type!)) {
      return `unknown profile type: ${type}`;
    }
    if (!/^\d+$/.test(query.get('sampleRate')!) || !['samples', 'objects', 'bytes'].includes(query.get('units')!)) {
      return 'invalid sampleRate or units';
    }
    if (!['sum', 'average'].includes(query.get('aggregationType')!)) return 'invalid aggregationType';
    const lines = body.toString().trimEnd().split('\n');
    return lines.every((line) => /^.+ \d+$/.test(line)) ? undefined : 'invalid folded stacks';
  }
  if (query.get('format') !== 'pprof') return 'unknown format';
  if (!headers['content-type']?.startsWith('multipart/form-data')) return 'no form';
  const form = await formOf(request);
  const [profile, config] = [form.get('profile'), form.get('sample_type_config')];
  if (!(profile instanceof Blob) || !(config instanceof Blob)) return 'profile and sample_type_config must be files';
  const decoded = PprofProfile.decode(gunzipSync(Buffer.from(await profile.arrayBuffer())));
  const types = JSON.parse(await config.text()) as Record<string, Record<string, unknown>>;
  for (const { type } of decoded.sampleType) {
    const one = types[decoded.stringTable.strings[Number(type)]!];
    if (one === undefined) return 'a sample type has no configuration';
    if (!['samples', 'objects', 'bytes'].includes(String(one.units))) return 'invalid units';
    if (!['sum', 'average'].includes(String(one.aggregation)) || typeof one.sampled !== 'boolean')
      return 'invalid config';
  }
  return undefined;
}

describe('profiles for Pyroscope', () => {
  let server: ContractServer;
  beforeAll(async () => {
    server = await startContract(async (request) => {
      if (request.headers.authorization === `Basic ${Buffer.from('u:bad').toString('base64')}`) {
        return { status: 401, body: '<b>\u001b[31mno\n</b>' };
      }
      const wrong = await breach(request);
      return wrong === undefined ? { status: 200 } : { status: 400, body: wrong };
    });
  });
  afterAll(() => server.stop());
  const push = async (...words: string[]): Promise<Received> => {
    const { code, stderr } = await runCli([
      'push',
      '--to',
      `pyroscope+http://${server.address}`,
      '--service',
      'api',
      ...words,
    ]);
    expect(stderr).not.toMatch(/error/);
    expect(code).toBe(0);
    return server.received.at(-1)!;
  };

  test('pprof in a form, with the profile that was read; name, labels, times, tenant', async () => {
    const file = fixture('cpuprofile/node.cpuprofile');
    const { query, headers, ...rest } = await push(
      file,
      '--label',
      'region=eu',
      '--host',
      'h1',
      '--tenant',
      'team',
      '--time',
      '2026-01-02',
    );
    expect(query.get('name')).toBe('api{host=h1,region=eu}');
    expect(headers['x-scope-orgid']).toBe('team');
    const form = await formOf({ query, headers, ...rest });
    const bytes = Buffer.from(await (form.get('profile') as Blob).arrayBuffer());
    const copy = join(workFolder(), 'sent.pprof');
    writeFileSync(copy, bytes);
    const [sent, read] = await Promise.all([runCli(['convert', copy]), runCli(['convert', file])]);
    const bare = (text: string): string => text.replace(/^[^;\n]*;/gm, '');
    expect(bare(sent.stdout)).toBe(bare(read.stdout));
    expect(Number(query.get('until')) - Number(query.get('from'))).toBeGreaterThan(0);
  });

  test('folded stacks with counts and their rate', async () => {
    const { query, body } = await push(fixture('perf-data/threads.data.gz'), '--format', 'folded', '--host', '');
    expect(query.get('name')).toBe('api.cpu{}');
    expect(query.get('units')).toBe('samples');
    expect(Number(query.get('sampleRate'))).toBeGreaterThan(1);
    expect(body.toString()).toMatch(/;/);
    const plain = join(workFolder(), 'a.folded');
    writeFileSync(plain, 'main;b 2\nmain;a 1\n');
    const again = await push(plain, '--format', 'folded', '--time', '2026-01-02T03:04:05');
    expect(again.body.toString()).toBe('main;a 1\nmain;b 2\n');
    expect(again.query.get('from')).toBe(String(Date.UTC(2026, 0, 2, 3, 4, 5) / 1000));
  });

  test('credentials; errors are one escaped line; what a name cannot hold', async () => {
    const file = fixture('cpuprofile/node.cpuprofile');
    const to = (user: string): string[] => ['--to', `pyroscope+http://${user}@${server.address}/`, '--service', 'api'];
    expect((await runCli(['push', file, ...to('u:p%40w')])).code).toBe(0);
    expect(server.received.at(-1)!.headers.authorization).toBe(`Basic ${Buffer.from('u:p@w').toString('base64')}`);
    const bad = await runCli(['push', file, ...to('u:bad')]);
    expect(bad.code).toBe(125);
    expect(bad.stderr).toMatch(/answered 401: <b>\\x1b\[31mno; credentials belong/);
    expect(bad.stderr).not.toContain('u:bad');
    const bearer = ['--to', `pyroscope+http://${server.address}`, '--service', 'api'];
    await runCli(['push', file, ...bearer], { env: { PFORGE_PROF_PUSH_TOKEN: 'secret' } });
    expect(server.received.at(-1)!.headers.authorization).toBe('Bearer secret');
    const odd = await runCli(['push', file, ...bearer, '--label', 'a=b,c=d']);
    expect(odd.stderr).toMatch(/Pyroscope knows no names with braces, commas or equal signs: b,c=d/);
    expect(readFileSync(file).length).toBeGreaterThan(0);
  });

  test('busy for a moment: sent again; a redirect is not followed, as credentials are for one server', async () => {
    let count = 0;
    const busy = await startContract(() => ({ status: ++count < 3 ? 503 : 200 }));
    const file = fixture('cpuprofile/node.cpuprofile');
    const call = (address: string) => runCli(['push', file, '--to', `pyroscope+http://${address}`, '--service', 'api']);
    expect((await call(busy.address)).code).toBe(0);
    expect(count).toBe(3);
    await busy.stop();
    const moved = await startContract(() => ({ status: 302 }));
    expect((await call(moved.address)).stderr).toMatch(
      /answered 302; it wants to send us elsewhere: give that address/,
    );
    await moved.stop();
  });
});
