import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { ConsoleSnapshot } from '../../../src/console/snapshot.ts';
import { connectTokio } from '../../../src/console/tokio/source.ts';
import { update } from './message-writer.ts';
import { send, startSubscriber } from './subscriber.ts';

/** A wire to a port that can be held, as by a network that is gone or a process that is stopped: nothing passes, nothing ends. */
async function holdableWire(port: number): Promise<{ port: number; hold(isHeld: boolean): void }> {
  const sockets = new Set<Socket>();
  let isHeld = false;
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('error', () => {});
      from.on('data', (bytes) => to.write(bytes));
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      if (isHeld) from.pause();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const hold = (held: boolean): void => {
    isHeld = held;
    for (const socket of sockets) held ? socket.pause() : socket.resume();
  };
  return { port: (server.address() as AddressInfo).port, hold };
}

test('a subscriber that says nothing is told from one that is gone, and one that is gone is found again', async () => {
  const server = await startSubscriber({
    WatchUpdates: (stream) => send(stream, update({ now: 1e9, tasks: [{ id: 5, stats: {} }] })),
  });
  const wire = await holdableWire(server.port);
  const source = await connectTokio(`127.0.0.1:${wire.port}`);
  onTestFinished(() => source.close());
  const seen: ConsoleSnapshot[] = [];
  source.onSnapshot((snapshot) => seen.push(snapshot));
  const until = async (text: RegExp): Promise<ConsoleSnapshot> => {
    for (;;) {
      const found = seen.find(({ notes }) => text.test(notes[0] ?? ''));
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  await until(/^no update for \d+ s: another console may have paused/);
  wire.hold(true);
  const gone = await until(/did not answer for 5 s; trying again in 0\.5 s/);
  expect(gone.tasks.map(({ id }) => id)).toEqual(['5']);
  wire.hold(false);
  seen.length = 0;
  await until(/^$/);
});
