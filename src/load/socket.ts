import { connect, type Socket } from 'node:net';
import { directWrite } from './direct-write.ts';
import type { LoadShare } from './share.ts';

/** Loaded where it is used: it brings all of node's cryptography with it. */
let tls: typeof import('node:tls') | undefined;

/** What {@link openSocket} needs for a share, to be awaited before the first. */
export async function prepareSockets(share: LoadShare): Promise<void> {
  if (share.serverName !== undefined) tls = await import('node:tls');
}

/** A connection of a load. */
export interface LoadSocket {
  /** @param text bytes as a latin1 string */
  write(text: string): void;
  destroy(): void;
}

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
export function openSocket(share: LoadShare, buffer: Uint8Array, events: SocketEvents): LoadSocket {
  return share.serverName === undefined ? plain(share, buffer, events) : secure(share, share.serverName, events);
}

function plain({ address, port }: LoadShare, buffer: Uint8Array, events: SocketEvents): LoadSocket {
  const read = (length: number): boolean => {
    events.read(buffer, length);
    return true;
  };
  const socket = connect({ host: address, port, noDelay: true, onread: { buffer, callback: read } });
  const loadSocket = ofSocket(socket);
  socket.once('connect', () => {
    loadSocket.write = directWrite(socket, read) ?? loadSocket.write;
    events.opened();
  });
  tellEnd(socket, events);
  return loadSocket;
}

function secure({ address, port, insecure }: LoadShare, name: string, events: SocketEvents): LoadSocket {
  // An address is no name that a server could be asked for
  const asked = /^[\d.]+$|:/.test(name) ? {} : { servername: name };
  const socket = tls!.connect({
    host: address,
    port,
    rejectUnauthorized: !insecure,
    ALPNProtocols: ['http/1.1'],
    ...asked,
  });
  socket.setNoDelay(true);
  socket.on('data', (bytes) => events.read(bytes, bytes.length));
  socket.once('secureConnect', () => events.opened());
  tellEnd(socket, events);
  return ofSocket(socket);
}

function ofSocket(socket: Socket): LoadSocket {
  return {
    write: (text) => {
      socket.write(text, 'latin1');
    },
    destroy: () => {
      socket.destroy();
    },
  };
}

function tellEnd(socket: Socket, events: SocketEvents): void {
  socket.on('end', () => events.closed(undefined));
  socket.on('error', (error) => events.closed(error));
  socket.on('close', () => events.closed(undefined));
}
