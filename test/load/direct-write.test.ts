import { once } from 'node:events';
import { connect, createServer, type Server, Socket } from 'node:net';
import { execa } from 'execa';
import { afterEach, expect, test } from 'vitest';
import { directWrite } from '../../src/load/direct-write.ts';
import { nodes } from '../other-nodes.ts';
import { httpServer } from './misbehaving-servers.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A connected pair, the near side reading into a buffer of its own as those of a load do. */
async function pair(): Promise<{ near: Socket; far: Socket; buffer: Uint8Array }> {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const buffer = new Uint8Array(1 << 16);
  const { port } = server.address() as { port: number };
  const accepted = once(server, 'connection');
  const near = connect({ host: '127.0.0.1', port, onread: { buffer, callback: () => true } });
  await once(near, 'connect');
  const [far] = (await accepted) as [Socket];
  return { near, far, buffer };
}

test('what is written arrives in order, also where the system takes it later', async () => {
  const { near, far } = await pair();
  const write = directWrite(near, () => {})!;
  expect(write).toBeDefined();
  // Far more than the buffers of a connection hold, while nobody reads
  const texts = Array.from({ length: 400 }, (_, i) => String(i).padStart(6, '0').repeat(5_000));
  for (const text of texts) write(text);
  await new Promise((done) => setTimeout(done, 50));
  let came = '';
  far.setEncoding('latin1').on('data', (text: string) => {
    came += text;
  });
  while (came.length < 400 * 30_000) await new Promise((done) => setTimeout(done, 10));
  expect(came === texts.join('')).toBe(true);
  near.destroy();
  far.destroy();
});

test('reads are told by their length, the end by the socket', async () => {
  const { near, far, buffer } = await pair();
  const read: string[] = [];
  directWrite(near, (length) => read.push(Buffer.from(buffer.subarray(0, length)).toString()));
  far.write('hello');
  while (read.length === 0) await new Promise((done) => setTimeout(done, 1));
  expect(read).toEqual(['hello']);
  const ended = once(near, 'end');
  far.end();
  await ended;
});

test('errors of reads and of writes are told by the socket', async () => {
  const reading = await pair();
  directWrite(reading.near, () => {});
  const failedRead = once(reading.near, 'error');
  reading.far.resetAndDestroy();
  expect(((await failedRead) as [NodeJS.ErrnoException])[0].code).toBe('ECONNRESET');

  const { near, far } = await pair();
  const write = directWrite(near, () => {})!;
  const failedWrite = once(near, 'error');
  far.resetAndDestroy();
  // The reset is here already, and nobody has read it
  write('x');
  const [error] = (await failedWrite) as [NodeJS.ErrnoException];
  expect(error.message).toMatch(/^write (?:EPIPE|ECONNRESET)$/);
  expect(error.code).toBe(error.message.slice('write '.length));
  // Nothing comes of writing afterwards
  write('x');
  expect(near.destroyed).toBe(true);
});

test('a socket without an inside of the known shape is left as it is', () => {
  expect(directWrite(new Socket(), () => {})).toBeUndefined();
});

test('every version of node that we support loads this way', { timeout: 60_000 }, async () => {
  let asked = 0;
  const port = await httpServer((_request, response) => {
    asked++;
    response.end('hello');
  });
  for (const [version, node] of nodes()) {
    asked = 0;
    const { stdout, stderr } = await execa(
      node,
      ['bin/pforge-prof.js', 'load', '-q', '--json', '-n', '500', '-c', '5', `http://127.0.0.1:${port}/`],
      { env: { NODE_OPTIONS: '', NODE_DEBUG: '' } },
    );
    const result = JSON.parse(stdout) as { requests: number; errors: { total: number } };
    expect({ version, requests: result.requests, errors: result.errors.total, asked }).toEqual({
      version,
      requests: 500,
      errors: 0,
      asked: 500,
    });
    expect(stderr).not.toMatch(/deprecat/i);
  }
});
