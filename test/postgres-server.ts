import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

/** Where Debian puts the newest server's programs; undefined where there is none. */
const bin = (() => {
  const home = '/usr/lib/postgresql';
  const versions = existsSync(home) ? readdirSync(home).sort((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(home, version, 'bin')).find((folder) => existsSync(join(folder, 'initdb')));
})();

export const hasPostgres = bin !== undefined;

export interface PostgresServer {
  readonly port: number;
  /** Folder of its unix socket. */
  readonly folder: string;
  /** Of the superuser `postgres`, who needs it over TCP. */
  readonly password: string;
  /** Asks as the superuser, in one line a row. */
  sql(text: string, database?: string): string;
  stop(): Promise<void>;
}

/** A real server of its own, on loopback and in a new folder, gone after `stop`. TLS is on, with a certificate of its own. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'pforge-pg-'));
  const password = 'öpen sesame:@/%';
  const data = join(folder, 'data');
  const port = await freePort();
  writeFileSync(join(folder, 'password'), password);
  // The server refuses to be root
  const isRoot = process.getuid?.() === 0;
  const as = isRoot ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', '--'] : [];
  if (isRoot) {
    const [, , uid, gid] = /^postgres:.*$/m.exec(readFileSync('/etc/passwd', 'utf8'))![0].split(':');
    chownSync(folder, Number(uid), Number(gid));
    chmodSync(join(folder, 'password'), 0o644);
  }
  const run = (words: readonly string[], options = {}): string => {
    const [program, ...rest] = [...as, ...words];
    return execFileSync(program!, rest, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: folder,
      ...options,
    });
  };
  run([
    join(bin!, 'initdb'),
    ...['-D', data, '-U', 'postgres', '-E', 'UTF8', '--locale=C', '--no-sync'],
    ...['--auth-local=trust', '--auth-host=scram-sha-256', `--pwfile=${join(folder, 'password')}`],
  ]);
  const certificate = ['-keyout', join(data, 'server.key'), '-out', join(data, 'server.crt'), '-subj', '/CN=localhost'];
  run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...certificate]);
  const settings = ['fsync=off', 'ssl=on', 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`];
  const [program, ...words] = [...as, join(bin!, 'postgres'), '-D', data, '-p', String(port)];
  const server = spawn(program!, [...words, ...settings.flatMap((setting) => ['-c', setting])], {
    cwd: folder,
    stdio: 'ignore',
  });
  const psql = (text: string, database = 'postgres'): string =>
    execFileSync(
      'psql',
      ['-X', '-q', '-A', '-t', '-h', folder, '-p', String(port), '-U', 'postgres', '-c', text, database],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    ).trim();
  const ended = new Promise<void>((done) => server.once('exit', () => done()));
  const stop = async (): Promise<void> => {
    // Immediate shutdown: nobody needs what is in it
    server.kill('SIGQUIT');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  for (let tries = 0; ; tries++) {
    try {
      psql('SELECT 1');
      return { port, folder, password, sql: psql, stop };
    } catch (error) {
      if (tries > 200) {
        await stop();
        throw error;
      }
      await new Promise((done) => setTimeout(done, 50));
    }
  }
}
