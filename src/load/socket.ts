import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { LoadShare } from './share.ts';

/** What happens to a socket. */
export interface SocketEvents {
  /** It is connected, and over TLS trusted. */
  opened(): void;
  /** Bytes came; they are valid during the call. */
  read(bytes: Uint8Array, length: number): void;
  /** It has ended, perhaps told more than once. */
  closed(error: NodeJS.ErrnoException | undefined): void;
}

/**
 * Opens a connection of a load.
 * @param buffer what plain sockets read into: no buffer is made for each read
 */
export function openSocket(share: LoadShare, buffer: Uint8Array, events: SocketEvents): Socket {
  const socket =
    share.serverName === undefined ? plain(share, buffer, events) : secure(share, share.serverName, events);
  socket.on('end', () => events.closed(undefined));
  socket.on('error', (error) => events.closed(error));
  socket.on('close', () => events.closed(undefined));
  return socket;
}

function plain({ address, port }: LoadShare, buffer: Uint8Array, events: SocketEvents): Socket {
  const callback = (length: number, bytes: Uint8Array): boolean => {
    events.read(bytes, length);
    return true;
  };
  const socket = connect({ host: address, port, noDelay: true, onread: { buffer, callback } });
  socket.once('connect', () => events.opened());
  return socket;
}

function secure({ address, port, insecure }: LoadShare, name: string, events: SocketEvents): Socket {
  // An address is no name that a server could be asked for
  const asked = /^[\d.]+$|:/.test(name) ? {} : { servername: name };
  const socket = connectTls({
    host: address,
    port,
    rejectUnauthorized: !insecure,
    ALPNProtocols: ['http/1.1'],
    ...asked,
  });
  socket.setNoDelay(true);
  socket.on('data', (bytes) => events.read(bytes, bytes.length));
  socket.once('secureConnect', () => events.opened());
  return socket;
}
