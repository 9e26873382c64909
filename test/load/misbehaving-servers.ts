import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcp, type Server, type Socket } from 'node:net';
import { afterAll } from 'vitest';
import type { LoadPlan } from '../../src/load/plan.ts';
import { PLAN_DEFAULTS } from '../../src/load/plan.ts';

const open: (() => void)[] = [];
afterAll(() => {
  for (const close of open) close();
});

/** A plan with the defaults of the command line, but short. */
export function planFor(port: number, given: Partial<LoadPlan> = {}): LoadPlan {
  const { duration: _default, ...defaults } = PLAN_DEFAULTS;
  const ends = given.requests === undefined ? { duration: 0.5 } : {};
  return { ...defaults, ...ends, url: new URL(`http://127.0.0.1:${port}/`), ...given };
}

/** An HTTP server on a free port; gone after the tests of the file. */
export async function httpServer(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<number> {
  const server = createServer(answer);
  return listen(server, () => server.closeAllConnections());
}

/** A TCP server that does what it likes with each connection. */
export async function tcpServer(take: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createTcp((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    take(socket);
  });
  return listen(server, () => {
    for (const socket of sockets) socket.destroy();
  });
}

async function listen(server: Server, endConnections: () => void): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  open.push(() => {
    server.close();
    endConnections();
  });
  return (server.address() as { port: number }).port;
}

/** A port on which nobody listens. */
export async function freePort(): Promise<number> {
  const server = createTcp();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise<void>((done) => server.close(() => done()));
  return port;
}
