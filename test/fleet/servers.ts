import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';

export const hasGateway = existsSync('/usr/bin/prometheus-pushgateway');
export const hasVictoria = existsSync('/usr/bin/victoria-metrics');

export interface RealServer {
  /** `127.0.0.1:PORT`. */
  readonly address: string;
  get(path: string): Promise<string>;
  stop(): Promise<void>;
}

export const startGateway = (): Promise<RealServer> =>
  start('/usr/bin/prometheus-pushgateway', (address) => [`--web.listen-address=${address}`], '/-/ready');

export const startVictoria = (): Promise<RealServer> =>
  start(
    '/usr/bin/victoria-metrics',
    (address, folder) => [
      `-httpListenAddr=${address}`,
      `-storageDataPath=${join(folder, 'data')}`,
      '-retentionPeriod=100y',
      '-memory.allowedBytes=100MB',
    ],
    '/health',
  );

/** A real server of its own, on loopback and in a new folder, gone after `stop`. */
async function start(
  program: string,
  words: (address: string, folder: string) => string[],
  health: string,
): Promise<RealServer> {
  const folder = mkdtempSync(join(tmpdir(), 'pforge-server-'));
  const address = `127.0.0.1:${await freePort()}`;
  const server = spawn(program, words(address, folder), { cwd: folder, stdio: 'ignore' });
  const ended = new Promise<void>((done) => server.once('exit', () => done()));
  const stop = async (): Promise<void> => {
    server.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const get = async (path: string): Promise<string> => (await fetch(`http://${address}${path}`)).text();
  for (let tries = 0; ; tries++) {
    try {
      if ((await fetch(`http://${address}${health}`)).ok) return { address, get, stop };
    } catch (error) {
      if (tries > 400 || server.exitCode !== null) {
        await stop();
        throw new Error(`${program} does not start`, { cause: error });
      }
    }
    await new Promise((done) => setTimeout(done, 50));
  }
}

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface ContractServer {
  readonly address: string;
  readonly received: Received[];
  stop(): Promise<void>;
}

/** Takes what keeps a contract; what breaks it is answered with 400 and the reason, as the real one does. */
export async function startContract(
  answer: (
    request: Received,
  ) => { status: number; body?: string | Uint8Array } | Promise<{ status: number; body?: string | Uint8Array }>,
): Promise<ContractServer> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url!, 'http://x');
    const one = {
      method: request.method!,
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: Buffer.concat(chunks),
    };
    received.push(one);
    const { status, body } = await answer(one);
    response.writeHead(status).end(body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  return {
    address: `127.0.0.1:${port}`,
    received,
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
