import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { openAgentLine } from '../../src/console/node/agent-line.ts';
import { takeHeapSnapshot } from '../../src/inspector/heap-snapshot.ts';
import { type InspectorTarget, ProtocolChannel } from '../../src/inspector/protocol.ts';
import { evaluate, openSession } from '../../src/inspector/session.ts';

test('what the inspector refuses, and what throws there', async () => {
  const channel = new ProtocolChannel((text) => {
    const { id } = JSON.parse(text);
    queueMicrotask(() => channel.receive(JSON.stringify({ id, error: { code: -32601, message: 'wasn’t found' } })));
  });
  await expect(channel.send('Profiler.none')).rejects.toMatchObject({
    message: 'the inspector of the process refused Profiler.none: wasn’t found',
    exitCode: 125,
  });
  const throwing = {
    send: async () => ({
      result: {},
      exceptionDetails: { text: 'Uncaught', exception: { description: 'Error: no\nat' } },
    }),
  } as unknown as InspectorTarget;
  await expect(evaluate(throwing, 'x')).rejects.toMatchObject({
    message: 'the process could not do what it was asked: Error: no',
    exitCode: 125,
  });
});

test('a snapshot where no file can be', async () => {
  const target = { on: () => () => {}, send: async () => ({}) } as unknown as InspectorTarget;
  await expect(takeHeapSnapshot(target, '/none/x.heapsnapshot')).rejects.toMatchObject({
    message: 'cannot write /none/x.heapsnapshot: ENOENT',
    exitCode: 125,
  });
});

test('an agent that never calls', async () => {
  const line = await openAgentLine();
  try {
    await expect(line.connected(10)).rejects.toMatchObject({
      message: 'the agent in the process has not called within 0.01 s',
      exitCode: 125,
    });
  } finally {
    await line.close();
  }
});

const session = (port: number) =>
  openSession({ pid: process.pid, port, url: `ws://127.0.0.1:${port}/`, opened: false });

test('an inspector that is none', async () => {
  const server = createServer((socket: Socket) => socket.end('HTTP/1.1 404 Not Found\r\n\r\n'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as { port: number };
    await expect(session(port)).rejects.toMatchObject({
      message: expect.stringMatching(/^the inspector of process \d+ cannot be connected to: .*404/),
      exitCode: 125,
    });
  } finally {
    server.close();
  }
});

test('one that says nothing, or what is no JSON', async () => {
  for (const [answer, message] of [
    [undefined, /^process \d+ does not answer its inspector$/],
    ['{', /^the inspector's answer of 0 MB cannot be read$/],
  ] as const) {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    server.on('connection', (socket) => {
      socket.on('message', () => {
        if (answer !== undefined) socket.send(answer);
      });
    });
    try {
      const { port } = server.address() as { port: number };
      await expect(session(port)).rejects.toMatchObject({ message: expect.stringMatching(message), exitCode: 125 });
    } finally {
      for (const client of server.clients) client.terminate();
      server.close();
    }
  }
});
