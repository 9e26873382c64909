import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { type AddressInfo, createServer as createTcp, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ConsoleSnapshot } from '../../../src/console/snapshot.ts';
import type { ConsoleSource } from '../../../src/console/source.ts';
import { connectTokio, type TokioOptions } from '../../../src/console/tokio/source.ts';
import { EXIT, UserError } from '../../../src/errors.ts';
import { message, update, type WrittenTask } from './message-writer.ts';
import { hasRecording, recordedDetails, recordedUpdates } from './recording.ts';
import { type Answer, end, replay, send, sendBytes, startSubscriber } from './subscriber.ts';

const SECOND = 1e9;
const TASK: WrittenTask = { id: 2n ** 60n, fields: { 'task.name': 'one' }, stats: { created: 0 } };
const FIRST = update({ now: SECOND, tasks: [TASK] });
const sendFirst: Answer = (stream) => send(stream, FIRST);

/** A source that is left after the test, and the snapshots that it has given. */
async function watch(
  url: string,
  options: TokioOptions = {},
): Promise<{ source: ConsoleSource; seen: ConsoleSnapshot[] }> {
  const source = await connectTokio(url, { patience: 2_000, ...options });
  onTestFinished(() => source.close());
  const seen: ConsoleSnapshot[] = [];
  source.onSnapshot((snapshot) => seen.push(snapshot));
  return { source, seen };
}

/** Waits for a snapshot, of those that have come and those to come. */
async function until(
  seen: readonly ConsoleSnapshot[],
  is: (snapshot: ConsoleSnapshot) => boolean,
): Promise<ConsoleSnapshot> {
  for (;;) {
    const found = seen.find(is);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const hasNote =
  (text: RegExp) =>
  (snapshot: ConsoleSnapshot): boolean =>
    snapshot.notes.some((note) => text.test(note));
const names = (snapshot: ConsoleSnapshot | undefined): string[] => snapshot?.tasks.map(({ name }) => name) ?? [];

test.runIf(hasRecording)('a recorded program is watched to its last update', async () => {
  const server = await startSubscriber({ WatchUpdates: replay(recordedUpdates(), 20) });
  const { source, seen } = await watch(server.url);
  const last = await until(seen, ({ time }) => time === 1_795_433_494_216);
  expect(last).toMatchObject({ version: 1, state: 'running', target: { source: 'tokio', title: server.url } });
  expect(last.tasks).toHaveLength(16);
  expect(last.resources.length).toBeGreaterThan(5);
  await source.close();
  expect(await source.ended).toEqual({ how: 'left', text: `left ${server.url}` });
  expect(server.calls).toEqual(['WatchUpdates', 'WatchState']);
});

test('who listens late gets the latest snapshot; a snapshot comes with each update', async () => {
  let later: (() => void) | undefined;
  const server = await startSubscriber({
    WatchUpdates: (stream) => {
      send(stream, FIRST);
      later = () => send(stream, update({ now: 2 * SECOND, tasks: [{ id: 5, stats: {} }] }));
    },
  });
  const { seen } = await watch(server.url);
  await until(seen, (snapshot) => snapshot.tasks.length === 1);
  later!();
  expect((await until(seen, (snapshot) => snapshot.tasks.length === 2)).tasks.map(({ id }) => id)).toEqual([
    '1152921504606846976',
    '5',
  ]);
});

test('messages that come in pieces, and many at once, are put together', async () => {
  const messages = [FIRST, update({ now: 2 * SECOND }), update({ now: 3 * SECOND, tasks: [{ id: 5, stats: {} }] })];
  const bytes = Buffer.concat(messages.map((one) => Buffer.concat([message({}), prefix(one), one])));
  const server = await startSubscriber({
    WatchUpdates: async (stream) => {
      for (const byte of bytes.subarray(0, 40)) {
        sendBytes(stream, Buffer.of(byte));
        await new Promise((resolve) => setImmediate(resolve));
      }
      sendBytes(stream, bytes.subarray(40));
    },
  });
  const { seen } = await watch(server.url);
  await until(seen, (snapshot) => snapshot.tasks.length === 2);
});

test('a socket in the file system', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tokio-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'app.sock');
  await startSubscriber({ WatchUpdates: sendFirst }, path);
  const { seen } = await watch(`file://${path}`);
  expect((await until(seen, () => true)).target.title).toBe(`file://${path}`);
});

describe('details', () => {
  test.runIf(hasRecording)('of a task come with its snapshots, until they are asked for of another one', async () => {
    const requests: string[] = [];
    const server = await startSubscriber({
      WatchUpdates: replay(recordedUpdates(), 30),
      WatchTaskDetails: (stream, request) => {
        requests.push(request.toString('hex'));
        if (request[3] === 13) send(stream, recordedDetails());
        else end(stream, 5, 'no such task');
      },
    });
    const { source, seen } = await watch(server.url);
    source.details!('13');
    const detailed = await until(seen, ({ tasks }) => tasks.some(({ pollTimes }) => pollTimes !== undefined));
    const task = detailed.tasks.find(({ id }) => id === '13')!;
    expect(task.pollTimes!.counts.reduce((sum, count) => sum + count)).toBe(61);
    expect(task.scheduledTimes!.counts.reduce((sum, count) => sum + count)).toBeGreaterThan(50);
    source.details!('9007199254740993');
    seen.length = 0;
    await until(seen, ({ tasks }) => tasks.every(({ pollTimes }) => pollTimes === undefined));
    await until(seen, () => requests.length === 2);
    expect(requests[1]).toBe(message({ 1: message({ 1: 2n ** 53n + 1n }) }).toString('hex'));
  });

  test('that are broken are left out', async () => {
    const server = await startSubscriber({
      WatchUpdates: replay([FIRST, ...[2, 3, 4].map((now) => update({ now: now * SECOND }))], 100),
      WatchTaskDetails: (stream) =>
        send(stream, message({ 1: message({ 1: TASK.id }), 4: message({ 1: 'no histogram' }) })),
    });
    const { source, seen } = await watch(server.url);
    source.details!(String(TASK.id));
    const last = await until(seen, ({ tasks }) => tasks[0]!.total === 4 * SECOND);
    expect(last.tasks[0]!.pollTimes).toBeUndefined();
  });
});

describe('pausing', () => {
  const done: Answer = (stream) => {
    send(stream, Buffer.alloc(0));
    end(stream);
  };

  test('is asked of the program, and undone when the console is left', async () => {
    const server = await startSubscriber({ WatchUpdates: sendFirst, Pause: done, Resume: done });
    const { source, seen } = await watch(server.url);
    await source.pause();
    expect(seen.at(-1)!.state).toBe('paused');
    await source.resume();
    expect(seen.at(-1)!.state).toBe('running');
    await source.pause();
    await source.close();
    await source.close();
    expect(server.calls).toEqual(['WatchUpdates', 'WatchState', 'Pause', 'Resume', 'Pause', 'Resume']);
  });

  test('by another console is seen where the subscriber tells', async () => {
    const server = await startSubscriber({
      WatchUpdates: sendFirst,
      WatchState: (stream) => send(stream, message({ 1: 1 })),
    });
    const { source, seen } = await watch(server.url);
    await until(seen, ({ state }) => state === 'paused');
    await source.close();
    expect(server.calls).not.toContain('Resume');
  });

  test('that is refused is said', async () => {
    const server = await startSubscriber({ WatchUpdates: sendFirst });
    const { source, seen } = await watch(server.url);
    await source.pause();
    expect(seen.at(-1)).toMatchObject({
      state: 'running',
      notes: [`${server.url} could not be paused: it answered UNIMPLEMENTED: no method Pause`],
    });
  });
});

describe('a connection that breaks is opened again, and what was known stays', () => {
  test.each<[string, Answer, RegExp]>([
    [
      'cut within a message',
      (stream) => {
        sendBytes(stream, prefix(FIRST), FIRST.subarray(0, 9));
        end(stream);
      },
      /broke off in the middle of a message; trying again in 0\.5 s/,
    ],
    [
      'half a prefix',
      (stream) => {
        sendBytes(stream, Buffer.from([0, 0]));
        end(stream);
      },
      /broke off in the middle of a message/,
    ],
    [
      'a message longer than any',
      (stream) => sendBytes(stream, Buffer.from([0, 0x40, 0, 0, 0])),
      /announced a message of 1073741824 bytes, and 67108864 are the most/,
    ],
    ['a compressed message', (stream) => sendBytes(stream, Buffer.from([1, 0, 0, 0, 0])), /sent a compressed message/],
    ['noise', (stream) => sendBytes(stream, Buffer.from('what is this?')), /no gRPC message: it begins with byte 119/],
    [
      'a message of noise',
      (stream) => send(stream, Buffer.from([0xff, 0xff])),
      /is no message of a console-subscriber: byte 0: the message is cut/,
    ],
    ['RST_STREAM', (stream) => stream.close(2), /reset the stream \(code 2\)/],
    ['GOAWAY', (stream) => stream.session!.goaway(11), /GOAWAY, code 11/],
    ['a server that goes', (stream) => stream.session!.destroy(), /going away \(GOAWAY\)/],
    ['a status', (stream) => end(stream, 8, 'too många'), /answered RESOURCE_EXHAUSTED: too många/],
    ['an end', (stream) => end(stream), /ended the stream/],
  ])('%s', async (_name, fault, what) => {
    let attempts = 0;
    const server = await startSubscriber({
      WatchUpdates: (stream) => {
        attempts++;
        if (attempts === 1) {
          send(stream, FIRST);
          setTimeout(() => fault(stream, Buffer.alloc(0)), 50);
        } else
          send(
            stream,
            update({ now: 9 * SECOND, tasks: [TASK, { id: 5, fields: { 'task.name': 'two' }, stats: {} }] }),
          );
      },
    });
    const { seen } = await watch(server.url);
    const broken = await until(seen, hasNote(what));
    expect(broken.notes[0]).toContain(server.url);
    expect(broken.notes[0]).not.toContain('\n');
    expect(names(broken)).toEqual(['one']);
    const again = await until(seen, ({ tasks }) => tasks.length === 2);
    expect(again.notes).toEqual([]);
    expect(attempts).toBe(2);
  });

  test('a reset of TCP', async () => {
    const server = await startSubscriber({ WatchUpdates: sendFirst });
    const { seen } = await watch(server.url);
    await until(seen, () => true);
    server.hangUp();
    await until(seen, hasNote(/ (?:reset|broke off) the connection/));
    await until(seen, () => seen.at(-1)!.notes.length === 0);
    expect(server.calls.filter((call) => call === 'WatchUpdates')).toHaveLength(2);
  });

  test('with rising waits, while nobody is there; the same for what was asked for', async () => {
    const server = await startSubscriber({ WatchUpdates: sendFirst });
    const { source, seen } = await watch(server.url);
    source.details!(String(TASK.id));
    await server.close();
    await until(seen, hasNote(/trying again in 0\.5 s/));
    await until(seen, hasNote(/refused the connection: nobody listens there; trying again in 1 s/));
    await until(seen, hasNote(/trying again in 2 s/));
    const anew = await startSubscriber(
      { WatchUpdates: (stream) => send(stream, update({ now: 9e9, tasks: [{ id: 5, stats: { created: 8e9 } }] })) },
      server.port,
    );
    await until(seen, hasNote(/started anew/));
    await until(seen, () => anew.calls.includes('WatchTaskDetails'));
  });

  test('until it is given up, if that is wanted', async () => {
    const server = await startSubscriber({ WatchUpdates: sendFirst });
    const { source, seen } = await watch(server.url, { giveUpAfter: 0.4 });
    await server.close();
    const text = `${server.url} refused the connection: nobody listens there`;
    expect(await source.ended).toEqual({ how: 'lost', text });
    expect(seen.at(-1)).toMatchObject({ state: 'ended', notes: [text] });
    expect(names(seen.at(-1))).toEqual(['one']);
  });

  test('leaving while it waits ends at once', async () => {
    const server = await startSubscriber({ WatchUpdates: sendFirst });
    const { source, seen } = await watch(server.url);
    await server.close();
    await until(seen, hasNote(/trying again/));
    await source.close();
    expect((await source.ended).how).toBe('left');
  });
});

/** A TCP server that does what it likes with whoever connects. */
async function tcp(take: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createTcp((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    take(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

describe('who is not there, or is somebody else, is one clear error', () => {
  async function failure(url: string, options: TokioOptions = {}): Promise<UserError> {
    const error = await connectTokio(url, { patience: 500, ...options }).then(
      (source) => source.close(),
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message).not.toContain('\n');
    return error as UserError;
  }

  test('nobody', async () => {
    const port = await tcp(() => {});
    const error = await failure('http://127.0.0.1:1');
    expect(error.message).toBe('http://127.0.0.1:1 refused the connection: nobody listens there');
    expect(error.hint).toContain('console_subscriber::init()');
    expect(error.exitCode).toBe(EXIT.cannotCollect);
    expect((await failure(`http://127.0.0.1:${port}`)).message).toMatch(/says nothing to HTTP\/2/);
    expect((await failure('file:///nowhere/app.sock')).message).toBe('file:///nowhere/app.sock does not exist');
  });

  test('a web server', async () => {
    const server = createHttp((_request, response) => response.end('hello'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    expect((await failure(`127.0.0.1:${port}`)).message).toBe(
      `http://127.0.0.1:${port} is a web server (HTTP/1.1), no console-subscriber`,
    );
  });

  test('something that speaks TLS, something that speaks nothing known, something that hangs up', async () => {
    const tls = await tcp((socket) => socket.once('data', () => socket.end(Buffer.from([0x15, 3, 1, 0, 2, 2, 70]))));
    expect((await failure(`http://127.0.0.1:${tls}`)).message).toMatch(/ speaks TLS/);
    const odd = await tcp((socket) => socket.once('data', () => socket.end('220 mail.example.org ESMTP\r\n')));
    expect((await failure(`http://127.0.0.1:${odd}`)).message).toMatch(
      / does not speak HTTP\/2: it is no console-subscriber/,
    );
    const mute = await tcp((socket) => socket.destroy());
    expect((await failure(`http://127.0.0.1:${mute}`)).message).toMatch(
      / says nothing to HTTP\/2: it is no console-subscriber/,
    );
  });

  test.each<[string, Answer, RegExp]>([
    [
      'HTTP/2 without gRPC',
      (stream) => {
        stream.respond({ ':status': 404 });
        stream.end();
      },
      /answered HTTP 404, and is no console-subscriber/,
    ],
    [
      'HTTP/2 with pages',
      (stream) => {
        stream.respond({ ':status': 200, 'content-type': 'text/html' });
        stream.end('<html>');
      },
      /does not speak gRPC/,
    ],
    ['another service of gRPC', (stream) => end(stream, 12), /answered UNIMPLEMENTED/],
    ['a status that is none', (stream) => end(stream, 99), /answered code 99/],
    ['a server that says nothing', () => {}, /sent nothing in 0\.5 s/],
    ['a server that goes', (stream) => stream.session!.destroy(), /going away \(GOAWAY\)/],
    ['updates of noise', (stream) => send(stream, Buffer.from([0xff])), /no message of a console-subscriber/],
  ])('%s', async (_name, answer, what) => {
    const server = await startSubscriber({ WatchUpdates: answer });
    const error = await failure(server.url);
    expect(error.message).toMatch(what);
    expect(error.message.startsWith(`${server.url} `)).toBe(true);
    expect(error.exitCode).toBe(EXIT.cannotCollect);
  });

  test.each([
    ['https://127.0.0.1:6669', /asks for TLS, which console-subscriber does not speak/],
    ['vsock://1:2', /begins with vsock:\/\/, which is not supported/],
    ['http://127.0.0.1:6669/metrics', /has a path/],
    ['file://elsewhere/app.sock', /is a socket of another machine/],
    ['6669', /is no address/],
    ['http://', /is no address/],
  ])('%s', async (url, what) => {
    const error = await failure(url);
    expect(error.message).toMatch(what);
    expect(error.exitCode).toBe(EXIT.badInput);
    expect(error.hint).toContain('http://127.0.0.1:6669');
  });

  test('a socket of a file that is none', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tokio-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'plain'), '');
    expect((await failure(`file://${join(folder, 'plain')}`)).message).toMatch(
      /refused the connection: nobody listens there$/,
    );
  });
});

function prefix(of: Buffer): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.writeUInt32BE(of.length, 1);
  return bytes;
}
