import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { build } from 'esbuild';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HistoryEntry } from '../../src/history/entry.ts';
import { copyHistory, type HistoryStore, openHistory } from '../../src/history/store.ts';
import { nodes } from '../other-nodes.ts';
import { hasPostgres, type PostgresServer, startPostgres } from '../postgres-server.ts';
import { requireTool } from '../require-tool.ts';
import { entry } from './kept-entry.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'pforge-prof-stores-'));
const writer = join(folder, 'writer.mjs');
const withServer = requireTool('PostgreSQL', hasPostgres);
/** Node's own SQLite is newer than node 20. */
const newest = nodes().at(-1)!;
/** In each, four writers are killed, two of them of SQLite; and one of PostgreSQL. `HISTORY_KILLS=50` asks for more. */
const ROUNDS = Number(process.env.HISTORY_KILLS ?? 3);
let server: PostgresServer;
let count = 0;

beforeAll(async () => {
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  await build({
    stdin: {
      contents: `import { openHistory } from ${JSON.stringify(join(root, 'src/history/store.ts'))};
        const [spec, name, times] = process.argv.slice(2);
        const results = [{ name, unit: 'ns', better: 'smaller', value: 1 }];
        const store = await openHistory(spec);
        if (times === '0') console.log(JSON.stringify(await store.read()));
        if (times !== '0') console.log('writing');
        for (let i = 0; i < Number(times); i++, console.log('written')) await store.append({ version: 1, time: '2026-01-02T03:04:05.000Z',
          suite: String(i), commit: { id: 'x'.repeat(20_000) }, machine: 'm', tools: {}, results });
        await store.close();`,
      resolveDir: folder,
    },
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    outfile: writer,
    logLevel: 'error',
  });
  if (withServer) server = await startPostgres();
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A writer that is killed so many milliseconds after it has written so many entries. */
async function killed(spec: string, name: string, node: string, entries: number, after: number): Promise<void> {
  const child = spawn(node, [writer, spec, name, '100000'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise<NodeJS.Signals | null>((done) => child.once('exit', (_code, signal) => done(signal)));
  let lines = 0;
  const written = new Promise<void>((done) => {
    // Who does not read on breaks the pipe, and the writer would die of that, in a moment that is always the same
    child.stdout.on('data', (chunk) => {
      lines += String(chunk).split('\n').length - 1;
      if (lines > entries) done();
    });
  });
  await Promise.race([written, exited]);
  await new Promise((done) => setTimeout(done, after));
  child.kill('SIGKILL');
  expect(await exited).toBe('SIGKILL');
}

const write = (spec: string, name: string, times: number, node = process.execPath) =>
  spawn(node, [writer, spec, name, String(times)], { stdio: ['ignore', 'ignore', 'inherit'] });
const ended = (child: ReturnType<typeof write>) =>
  new Promise<number | null>((done) => child.once('exit', (code) => done(code)));

/** A new empty store of each kind. */
const kinds: [kind: string, spec: () => string][] = [
  ['JSON lines', () => join(folder, `store${count++}`, 'history.jsonl')],
  ['SQLite', () => join(folder, `store${count++}`, 'history.db')],
];
if (withServer) kinds.push(['PostgreSQL', () => database(`store${count++}`)]);

function database(name: string): string {
  server.sql(`CREATE DATABASE ${name}`);
  return `postgres://postgres:${encodeURIComponent(server.password)}@127.0.0.1:${server.port}/${name}`;
}

async function using<T>(spec: string, work: (store: HistoryStore) => Promise<T>): Promise<T> {
  const store = await openHistory(spec);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
const read = (spec: string) => using(spec, (store) => store.read());

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('\0', '\ud800', '\u2028', "'", 'ü"\\'),
);
const number = fc.double({ noNaN: true, noDefaultInfinity: true });
const anyEntry: fc.Arbitrary<HistoryEntry> = fc.record({
  version: fc.constant(1 as const),
  time: fc.constant('2026-01-02T03:04:05.000Z'),
  suite: text,
  commit: fc.record({ id: text, subject: text, branch: text, dirty: fc.boolean() }, { requiredKeys: ['id'] }),
  machine: text,
  tools: fc.dictionary(
    fc.string({ minLength: 1 }).filter((key) => key !== '__proto__'),
    text,
  ),
  results: fc.array(
    fc.record(
      {
        name: text,
        unit: text,
        better: fc.constantFrom('smaller', 'bigger'),
        value: number,
        low: number,
        high: number,
      },
      { requiredKeys: ['name', 'unit', 'better', 'value'] },
    ),
    { maxLength: 3 },
  ),
  // What a newer version may keep
  attachment: fc.jsonValue({ maxDepth: 2 }),
});

describe.each(kinds)('a history in %s', (_kind, spec) => {
  test('what is added is read again, in order, and equal', async () => {
    const place = spec();
    expect(await read(place)).toEqual({ entries: [], broken: [] });
    await using(place, async (store) => {
      await store.append(entry('a'));
      await store.appendAll([entry('b', 1e308), entry('c', -0.1)]);
    });
    expect(await read(place)).toEqual({ entries: [entry('a'), entry('b', 1e308), entry('c', -0.1)], broken: [] });
  });

  test('any entry is read again as it was, whatever is in it', async () => {
    const place = spec();
    await using(place, (store) =>
      fc.assert(
        fc.asyncProperty(fc.array(anyEntry, { minLength: 1, maxLength: 3 }), async (entries) => {
          await store.appendAll(entries);
          const found = (await store.read()).entries.slice(-entries.length);
          expect(found).toEqual(JSON.parse(JSON.stringify(entries)));
        }),
        { numRuns: 30 },
      ),
    );
  });

  test('four jobs at once lose nothing, each in its order', async () => {
    const place = spec();
    const codes = await Promise.all(['a', 'b', 'c', 'd'].map((name) => ended(write(place, name, 5))));
    expect(codes).toEqual([0, 0, 0, 0]);
    const { entries } = await read(place);
    expect(entries).toHaveLength(20);
    for (const name of ['a', 'b', 'c', 'd']) {
      const own = entries.filter(({ results }) => results[0]!.name === name).map(({ suite }) => Number(suite));
      expect(own).toEqual(Array.from({ length: 5 }, (_, i) => i));
    }
  });

  test('it moves into every other, twice as well as once', async () => {
    const place = spec();
    const doubled = [entry('a'), entry('b'), entry('a')];
    await using(place, (store) => store.appendAll(doubled));
    for (const [, other] of kinds) {
      const target = other();
      await using(place, (from) =>
        using(target, async (to) => {
          expect(await copyHistory(from, to)).toEqual({ copied: 3, known: 0 });
          expect(await copyHistory(from, to)).toEqual({ copied: 0, known: 3 });
        }),
      );
      expect((await read(target)).entries).toEqual(doubled);
    }
  });
});

describe.skipIf(!requireTool('sqlite3', existsSync('/usr/bin/sqlite3')))('SQLite', () => {
  const [, spec] = kinds[1]!;

  test('writers that are killed at any moment cost at most their own entry, and nobody waits for them', async () => {
    const databases = [spec(), spec()];
    const places = [...databases, kinds[0]![1](), kinds[0]![1]()];
    for (const place of places) await using(place, (store) => store.append(entry('first')));
    const engines = [process.execPath, newest[1]];
    for (let i = 0; i < ROUNDS; i++) {
      // What one engine leaves behind the other finds
      await Promise.all(
        places.map((place, k) => killed(place, `k${i}`, engines[(i + k) % 2]!, (i + k) % 3, (10 * i) / ROUNDS)),
      );
    }
    for (const one of places) {
      await using(one, (store) => store.append(entry('last')));
      const { entries, broken } = await read(one);
      // Of JSON lines, a torn one remains, which is told
      if (databases.includes(one)) expect(broken).toEqual([]);
      expect(entries[0]).toEqual(entry('first'));
      expect(entries.at(-1)).toEqual(entry('last'));
      const names = new Set(entries.slice(1, -1).map(({ results }) => results[0]!.name));
      expect(names.size).toBeGreaterThanOrEqual(Math.floor((ROUNDS * 2) / 3));
      for (const name of names) {
        const own = entries.filter(({ results }) => results[0]!.name === name).map(({ suite }) => Number(suite));
        expect(own).toEqual(Array.from({ length: own.length }, (_, k) => k));
      }
    }
    for (const place of databases) {
      expect(execFileSync('sqlite3', [place, 'PRAGMA integrity_check'], { encoding: 'utf8' })).toBe('ok\n');
    }
    for (const place of places) expect(readdirSync(join(place, '..'))).toEqual([basename(place)]);
  }, 180_000);

  test('both engines read what the other wrote, and sqlite3 has a row for each result', async () => {
    const place = spec();
    await using(place, (store) => store.append(entry('wasm', 2.5)));
    // Whoever may read the repository may read its history, as one of JSON lines
    const lines = kinds[0]![1]();
    await using(lines, (store) => store.append(entry('lines')));
    expect(statSync(place).mode).toBe(statSync(lines).mode);
    expect(await ended(write(place, 'node', 1, newest[1]))).toBe(0);
    await using(place, (store) => store.append(entry('wasm again')));
    const byNode = execFileSync(newest[1], [writer, `sqlite:${place}`, '', '0'], { encoding: 'utf8', stdio: 'pipe' });
    expect(JSON.parse(byNode)).toEqual(await read(`sqlite:${place}`));
    const rows = execFileSync('sqlite3', [place, 'SELECT name, value, unit FROM pforge_prof_results'], {
      encoding: 'utf8',
    });
    expect(rows).toBe(
      'wasm|2.5|ns\nnode|1.0|ns\nwasm again|1.0|ns\n'.replaceAll('1.0', rows.includes('|1.0|') ? '1.0' : '1'),
    );
  });

  test.each(['this node', 'the newest node', 'JSON lines'])(
    'a full disk: said, and what was there stays (%s)',
    async (which) => {
      const place = which === 'JSON lines' ? kinds[0]![1]() : spec();
      await using(place, (store) => store.appendAll(Array.from({ length: 200 }, (_, i) => entry(`n${i}`))));
      const before = await read(place);
      const node = which === 'the newest node' ? newest[1] : process.execPath;
      // The kernel's limit on the size of files stands for the disk's end
      const limit = ['--ignore-signal=XFSZ', 'prlimit', '--fsize=65536', node, writer, place, 'big', '20'];
      const { error } = await new Promise<{ error: string }>((done) => {
        const child = spawn('env', limit, { stdio: ['ignore', 'ignore', 'pipe'] });
        let text = '';
        child.stderr.on('data', (chunk) => {
          text += chunk;
        });
        child.once('close', () => done({ error: text }));
      });
      expect(error).toMatch(/UserError: cannot write .*history\.(db|jsonl): .*(disk|full|I\/O|EFBIG)/);
      const after = await read(place);
      expect(after.entries.slice(0, 200)).toEqual(before.entries);
      await using(place, (store) => store.append(entry('last')));
      expect((await read(place)).entries.at(-1)).toEqual(entry('last'));
    },
  );

  test.each([
    ['text', 'this is no database, and longer than the head of one would be: '.repeat(20)],
    ['a torn file', undefined],
  ])('%s is refused in one line and left as it is', async (_what, content) => {
    const place = spec();
    if (content === undefined) {
      await using(place, (store) => store.appendAll(Array.from({ length: 200 }, (_, i) => entry(`n${i}`))));
      writeFileSync(place, readFileSync(place).subarray(0, 9000));
    } else {
      mkdirSync(join(place, '..'));
      writeFileSync(place, content);
    }
    const before = readFileSync(place);
    await expect(read(place)).rejects.toThrow(/^cannot read .*history\.db: .*(not a database|malformed)/);
    await expect(using(place, (store) => store.append(entry('a')))).rejects.toThrow(
      /^cannot write .*(not a database|malformed)/,
    );
    expect(readFileSync(place).equals(before)).toBe(true);
  });

  test('a journal of another program, a folder that is none, a name that is none', async () => {
    const place = spec();
    await using(place, (store) => store.append(entry('a')));
    writeFileSync(`${place}-journal`, 'x');
    await expect(read(place)).rejects.toThrow(/history\.db-journal lies beside it/);
    await expect(using(join(place, 'below.db'), (store) => store.append(entry('a')))).rejects.toThrow(
      /^cannot write .*(ENOTDIR|EEXIST)/,
    );
    await expect(openHistory('sqlite:')).rejects.toThrow('no file follows sqlite:');
    await expect(openHistory('mysql://host/db')).rejects.toThrow('no history can be kept in mysql://');
  });
});

describe.skipIf(!withServer)('PostgreSQL', () => {
  const told = async (spec: string): Promise<{ message: string; hint: string; exitCode: number }> =>
    using(spec, (store) => store.append(entry('a'))).then(
      () => {
        throw new Error('it was written');
      },
      ({ message, hint, exitCode }) => ({ message, hint, exitCode }),
    );
  const address = (user: string, rest: string) => `postgres://${user}@127.0.0.1:${server.port}/${rest}`;

  test('the password is never told; PGPASSWORD and ~/.pgpass are honoured', async () => {
    const spec = database('secrets');
    await using(spec, async (store) => expect(store.place).toBe(address('postgres', 'secrets')));
    process.env.PGPASSWORD = server.password;
    try {
      await using(address('postgres', 'secrets'), (store) => store.append(entry('a')));
    } finally {
      delete process.env.PGPASSWORD;
    }
    const pass = join(folder, 'pgpass');
    writeFileSync(pass, `127.0.0.1:*:secrets:postgres:${server.password.replaceAll(/[\\:]/g, '\\$&')}\n`, {
      mode: 0o600,
    });
    process.env.PGPASSFILE = pass;
    try {
      expect((await read(address('postgres', 'secrets'))).entries).toEqual([entry('a')]);
    } finally {
      delete process.env.PGPASSFILE;
    }
    // By the unix socket
    expect((await read(`postgres://postgres@/secrets?host=${server.folder}&port=${server.port}`)).entries).toHaveLength(
      1,
    );
  });

  test('TLS: sslmode means what it means to psql', async () => {
    const spec = database('tls');
    await using(`${spec}?sslmode=require`, (store) => store.append(entry('a')));
    const { message } = await told(`${spec}?sslmode=verify-full`);
    expect(message).toMatch(/^cannot reach postgres:\/\/postgres@127\.0\.0\.1:\d+\/tls: .*certificate/);
    const certificate = join(server.folder, 'data/server.crt');
    const byName = spec.replace('127.0.0.1', 'localhost');
    await using(`${byName}?sslmode=verify-full&sslrootcert=${certificate}`, (store) => store.append(entry('b')));
  });

  test('refused, no such database, wrong password, no permission: one line each, with what to do', async () => {
    const wrong = `postgres://postgres:${encodeURIComponent('secret word')}@127.0.0.1:${server.port}/postgres`;
    expect(await told(wrong)).toMatchObject({
      message: expect.stringMatching(/password authentication failed/),
      exitCode: 125,
    });
    expect(JSON.stringify(await told(wrong))).not.toContain('secret');
    expect(await told(database('x1').replace(/x1$/, 'none'))).toMatchObject({
      message: expect.stringMatching(/database "none" does not exist/),
      hint: 'make it: createdb NAME',
    });
    expect(await told('postgres://nobody@127.0.0.1:1/x')).toMatchObject({
      message: 'cannot reach postgres://nobody@127.0.0.1:1/x: connect ECONNREFUSED 127.0.0.1:1',
      exitCode: 125,
    });
    expect((await told('postgres://a:secret@:x/y')).message).toBe('the store is no address of PostgreSQL');
    server.sql(`CREATE ROLE reader LOGIN PASSWORD 'r'`);
    const spec = database('guarded');
    const asReader = spec.replace(/\/\/.*@/, '//reader:r@');
    expect(await read(asReader)).toEqual({ entries: [], broken: [] });
    expect(await told(asReader)).toMatchObject({
      message: expect.stringMatching(/permission denied for schema public/),
    });
    await using(spec, (store) => store.append(entry('a')));
    server.sql('GRANT SELECT ON pforge_prof_history TO reader', 'guarded');
    expect((await read(asReader)).entries).toHaveLength(1);
    expect(await told(asReader)).toMatchObject({ hint: expect.stringMatching(/^GRANT SELECT, INSERT/) });
    server.sql('GRANT INSERT ON pforge_prof_history TO reader', 'guarded');
    await using(asReader, (store) => store.append(entry('b')));
  });

  test('people ask it with SQL, by the same names as SQLite', async () => {
    const spec = database('queries');
    await using(spec, (store) => store.appendAll([entry('a', 1.5), { ...entry('b', 2), suite: 'ü' }]));
    const rows = server.sql(
      'SELECT name, value, unit, suite, commit_id FROM pforge_prof_results ORDER BY entry_id',
      'queries',
    );
    expect(rows).toBe('a|1.5|ns||abc\nb|2|ns|ü|abc');
  });

  test('killed writers cost at most their own entry', async () => {
    const spec = database('killed');
    let acknowledged = 0;
    for (let i = 0; i < ROUNDS; i++) {
      await killed(spec, `k${i}`, process.execPath, i % 3, (10 * i) / ROUNDS);
      acknowledged += i % 3;
    }
    await using(spec, (store) => store.append(entry('last')));
    const { entries, broken } = await read(spec);
    expect(broken).toEqual([]);
    // What a writer was told is written, is
    expect(entries.length).toBeGreaterThan(acknowledged);
    expect(entries.at(-1)).toEqual(entry('last'));
  });
});
