import { createServer, type Http2Server, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a method does with a call: {@link send} and {@link end} answer it. */
export type Answer = (stream: ServerHttp2Stream, request: Buffer) => void;

export interface Subscriber {
  readonly url: string;
  readonly port: number;
  /** Methods that were called, in order. */
  readonly calls: string[];
  /** Resets all connections, without a word of HTTP/2. */
  hangUp(): void;
  close(): Promise<void>;
}

/**
 * A server of console-api's `Instrument` over real HTTP/2, as a console-subscriber is one; what it says is the test's. Methods
 * without answer are UNIMPLEMENTED, as on a subscriber that is older than they are. Gone after the test.
 * @param at a port, or the path of a socket; 0: a free port
 */
export async function startSubscriber(
  answers: Readonly<Record<string, Answer>>,
  at: number | string = 0,
): Promise<Subscriber> {
  const sessions = new Set<ServerHttp2Session>();
  const sockets = new Set<Socket>();
  const calls: string[] = [];
  const server = createServer();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => {});
    session.on('close', () => sessions.delete(session));
  });
  server.on('stream', (stream, headers) => {
    const method = String(headers[':path']).split('/').at(-1)!;
    calls.push(method);
    const parts: Buffer[] = [];
    stream.on('error', () => {});
    stream.on('data', (part: Buffer) => parts.push(part));
    stream.on('end', () => {
      const answer = answers[method] ?? ((unknown) => end(unknown, 12, `no method ${method}`));
      answer(stream, Buffer.concat(parts).subarray(5));
    });
  });
  await listen(server, at);
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      for (const session of sessions) session.destroy();
      server.close(() => resolve());
    });
  onTestFinished(close);
  const port = typeof at === 'string' ? 0 : (server.address() as AddressInfo).port;
  const hangUp = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const url = typeof at === 'string' ? `file://${at}` : `http://127.0.0.1:${port}`;
  return { url, port, calls, hangUp, close };
}

function listen(server: Http2Server, at: number | string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    if (typeof at === 'string') server.listen(at, resolve);
    else server.listen(at, '127.0.0.1', resolve);
  });
}

/** A message with gRPC's prefix. */
function framed(message: Buffer): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** Begins the answer, if it has not begun, and sends messages. */
export function send(stream: ServerHttp2Stream, ...messages: Buffer[]): void {
  sendBytes(stream, ...messages.map(framed));
}

export function sendBytes(stream: ServerHttp2Stream, ...bytes: Buffer[]): void {
  if (stream.destroyed) return;
  if (!stream.headersSent) {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  }
  for (const one of bytes) stream.write(one);
}

/** Ends the answer with a status, by trailers or, where nothing was sent, by headers alone. */
export function end(stream: ServerHttp2Stream, status = 0, text = ''): void {
  if (stream.destroyed) return;
  const trailers = {
    'grpc-status': String(status),
    ...(text === '' ? {} : { 'grpc-message': encodeURIComponent(text) }),
  };
  if (!stream.headersSent) {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...trailers }, { endStream: true });
    return;
  }
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  stream.end();
}

/** Sends messages one by one; the last stays the last word, and the stream open. */
export function replay(messages: readonly Buffer[], pause: number): Answer {
  return (stream) => {
    let next = 0;
    const step = (): void => {
      if (next < messages.length && !stream.destroyed) send(stream, messages[next++]!);
      else clearInterval(timer);
    };
    const timer = setInterval(step, pause);
    stream.on('close', () => clearInterval(timer));
    step();
  };
}
