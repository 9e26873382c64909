import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

const program = ['/usr/sbin/clickhouse-server', '/usr/bin/clickhouse-server'].find((path) => existsSync(path));

export const hasClickhouse = program !== undefined;

export interface ClickhouseServer {
  /** `127.0.0.1:PORT` of its HTTP interface. */
  readonly address: string;
  /** Who needs a password; `default` needs none. */
  readonly user: { readonly name: string; readonly password: string };
  query(text: string): Promise<string>;
  stop(): Promise<void>;
}

/** A real server of its own, on loopback and in a new folder, gone after `stop`. */
export async function startClickhouse(): Promise<ClickhouseServer> {
  const folder = mkdtempSync(join(tmpdir(), 'pforge-ch-'));
  const [http, tcp, interserver] = [await freePort(), await freePort(), await freePort()];
  const user = { name: 'writer', password: 'öpen:sesame@/' };
  for (const name of ['data', 'tmp', 'files', 'schemas', 'log']) mkdirSync(join(folder, name));
  writeFileSync(
    join(folder, 'config.xml'),
    `<yandex>
      <logger><level>error</level><log>${folder}/log/log</log><errorlog>${folder}/log/errors</errorlog></logger>
      <http_port>${http}</http_port><tcp_port>${tcp}</tcp_port><interserver_http_port>${interserver}</interserver_http_port>
      <listen_host>127.0.0.1</listen_host><max_connections>64</max_connections>
      <path>${folder}/data/</path><tmp_path>${folder}/tmp/</tmp_path><user_files_path>${folder}/files/</user_files_path>
      <format_schema_path>${folder}/schemas/</format_schema_path><users_config>users.xml</users_config>
      <default_profile>default</default_profile><default_database>default</default_database>
      <mark_cache_size>268435456</mark_cache_size><uncompressed_cache_size>1</uncompressed_cache_size>
    </yandex>`,
  );
  const networks = '<networks><ip>::/0</ip></networks><profile>default</profile><quota>default</quota>';
  writeFileSync(
    join(folder, 'users.xml'),
    `<yandex><profiles><default/></profiles><quotas><default/></quotas><users>
      <default><password></password>${networks}</default>
      <${user.name}><password>${user.password}</password>${networks}</${user.name}>
    </users></yandex>`,
  );
  const server = spawn(program!, [`--config-file=${folder}/config.xml`], { cwd: folder, stdio: 'ignore' });
  const ended = new Promise<void>((done) => server.once('exit', () => done()));
  const stop = async (): Promise<void> => {
    server.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const address = `127.0.0.1:${http}`;
  for (let tries = 0; ; tries++) {
    try {
      if ((await fetch(`http://${address}/ping`)).ok) break;
    } catch (error) {
      if (tries > 400 || server.exitCode !== null) {
        const log = existsSync(`${folder}/log/errors`) ? readFileSync(`${folder}/log/errors`, 'utf8') : '';
        await stop();
        throw new Error(`clickhouse-server does not start: ${log.slice(0, 2000)}`, { cause: error });
      }
      await new Promise((done) => setTimeout(done, 50));
    }
  }
  const query = async (text: string): Promise<string> => {
    const answer = await fetch(`http://${address}/`, { method: 'POST', body: text });
    if (!answer.ok) throw new Error(await answer.text());
    return (await answer.text()).trimEnd();
  };
  return { address, user, query, stop };
}
