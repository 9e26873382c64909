import { connect, createServer, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { listeningPorts, listeningSockets, portOwner, socketsOf } from '../../src/processes/sockets.ts';

let server: Server | undefined;
afterEach(() => server?.close());

async function listen(host: string): Promise<number> {
  server = createServer((socket) => socket.resume());
  await new Promise<void>((done) => server!.listen(0, host, done));
  return (server!.address() as { port: number }).port;
}

test.each([
  ['127.0.0.1', true, '127.0.0.1'],
  ['::1', true, '[0:0:0:0:0:0:0:1]'],
  ['0.0.0.0', false, '127.0.0.1'],
  ['::', false, '[::1]'],
])('a socket that listens on %s', async (host, isLoopback, inUrl) => {
  const port = await listen(host);
  expect(listeningPorts(process.pid)).toContain(port);
  const own = socketsOf(process.pid).find((one) => one.port === port && one.state === 'listening');
  expect(own).toMatchObject({ isLoopback });
  expect(listeningSockets(process.pid)).toContainEqual({ host: inUrl, port, pid: process.pid });
  expect(portOwner(port)).toMatch(new RegExp(`^ \\(process ${process.pid}, `));
  await new Promise((done) => server!.close(done));
  server = undefined;
  // A process that another thread is just starting has our descriptors until it becomes its program.
  await expect.poll(() => portOwner(port), { timeout: 20_000 }).toBeUndefined();
  expect(listeningPorts(process.pid)).not.toContain(port);
});

test('both ends of a connection', async () => {
  const port = await listen('127.0.0.1');
  const client = connect(port, '127.0.0.1');
  await new Promise((done) => client.once('connect', done));
  const connected = socketsOf(process.pid).filter(({ state }) => state === 'connected');
  expect(connected.filter((one) => one.remotePort === port)).toHaveLength(1);
  client.destroy();
});

test('a process that is not there has none', () => {
  expect(socketsOf(2 ** 22 + 1)).toEqual([]);
});
