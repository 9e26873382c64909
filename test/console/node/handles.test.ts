import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { Handles } from '../../../src/preload/console/handles.ts';

const sockets: Socket[] = [];
const server = createServer((socket) => sockets.push(socket));
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

test('sockets have their ends told, and stay as they are', async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = connect(port, '127.0.0.1');
  sockets.push(client);
  await Promise.all([once(client, 'connect'), once(server, 'connection')]);
  const before = sockets.map((socket) => Reflect.ownKeys(socket));
  const handles = new Handles();
  const names = handles.report().map(({ kind, name }) => `${kind} ${name}`);
  handles.stop();
  expect(names).toContain(`socket in to port ${port} from 127.0.0.1`);
  expect(names).toContain(`socket out 127.0.0.1:${port}`);
  // Another property would be another shape: node's code for sockets would be compiled anew, and slower
  expect(sockets.map((socket) => Reflect.ownKeys(socket))).toEqual(before);
});
