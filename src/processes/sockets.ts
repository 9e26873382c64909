import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { descendants, executableOf } from './proc.ts';

/** A TCP socket as the kernel lists it (proc_net(5), /proc/PID/net/tcp). */
export interface TcpSocket {
  readonly state: 'listening' | 'connected' | 'other';
  /** True where only programs of this machine reach it: 127.0.0.0/8 or ::1. */
  readonly isLoopback: boolean;
  /** As a URL has it: `127.0.0.1`, `[::1]`; any address is given as that of this machine. */
  readonly host: string;
  readonly port: number;
  readonly remotePort: number;
  /** 0 where it belongs to no process any more. */
  readonly inode: number;
}

const STATES = new Map<string, TcpSocket['state']>([
  ['0A', 'listening'],
  ['01', 'connected'],
]);

/** All TCP sockets of the network that a process is in, IPv4 and IPv6; none where it is gone. */
export function tcpSockets(pid: number): TcpSocket[] {
  return ['tcp', 'tcp6'].flatMap((name) => {
    const lines = readText(`/proc/${pid}/net/${name}`).split('\n').slice(1);
    return lines.flatMap((line) => {
      const words = line.trim().split(/\s+/);
      if (words.length < 10) return [];
      const [address, port] = words[1]!.split(':');
      return {
        state: STATES.get(words[3]!) ?? 'other',
        isLoopback: isLoopback(address!),
        host: hostOf(address!),
        port: Number.parseInt(port!, 16),
        remotePort: Number.parseInt(words[2]!.split(':')[1]!, 16),
        inode: Number(words[9]),
      };
    });
  });
}

/** The sockets that a process has open, of {@link tcpSockets}; none where it may not be looked at. */
export function socketsOf(pid: number, all: readonly TcpSocket[] = tcpSockets(pid)): TcpSocket[] {
  const inodes = socketInodes(pid);
  return all.filter(({ inode }) => inodes.has(inode));
}

/** Ports on which a process listens. */
export function listeningPorts(pid: number): number[] {
  const ports = socketsOf(pid).flatMap(({ state, port }) => (state === 'listening' ? port : []));
  return [...new Set(ports)];
}

/** A TCP socket that waits for connections, and who has it. */
export type ListeningSocket = Pick<TcpSocket, 'host' | 'port'> & { readonly pid: number };

/**
 * Sockets of our own network on which a process, or one that it started, listens, one a port. So the port of any program
 * is found, also of clusters and below wrappers, without anything inside of them.
 * @returns those of the process itself first, then in the order of their making
 */
export function listeningSockets(root: number): ListeningSocket[] {
  const waiting = tcpSockets(process.pid).filter(({ state }) => state === 'listening');
  if (waiting.length === 0) return [];
  const byInode = new Map(waiting.map((socket) => [socket.inode, socket]));
  const found = new Map<number, ListeningSocket>();
  for (const pid of [root, ...descendants(root).map((process) => process.pid)]) {
    for (const inode of socketInodes(pid)) {
      const socket = byInode.get(inode);
      if (socket === undefined || found.has(socket.port)) continue;
      found.set(socket.port, { host: socket.host, port: socket.port, pid });
    }
  }
  return [...found.values()];
}

/**
 * Who listens on a port of our own network, in words: ` (process 4711, node)`, or '' where we may not know.
 * @returns undefined where nobody does
 */
export function portOwner(port: number): string | undefined {
  const listener = tcpSockets(process.pid).find((one) => one.state === 'listening' && one.port === port);
  return listener === undefined ? undefined : ownerInWords(listener);
}

/** ` (process 4711, node)`; '' where no process has the socket, or we may not know. */
export function ownerInWords(socket: TcpSocket | undefined): string {
  const pid = socket === undefined ? undefined : socketOwner(socket.inode);
  return pid === undefined ? '' : ` (process ${pid}, ${basename(executableOf(pid) ?? 'ended')})`;
}

/** The process that has a socket open; undefined where none has, or it may not be looked at. */
function socketOwner(inode: number): number | undefined {
  return readNames('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .find((pid) => socketInodes(pid).has(inode));
}

/** In the order of the descriptors, which is that in which the kernel lists them. */
function socketInodes(pid: number): Set<number> {
  const inodes = new Set<number>();
  for (const name of readNames(`/proc/${pid}/fd`)) {
    const match = /^socket:\[(\d+)\]$/.exec(readLink(`/proc/${pid}/fd/${name}`));
    if (match !== null) inodes.add(Number(match[1]));
  }
  return inodes;
}

/** The kernel writes addresses as hexadecimal words in the byte order of the machine, which is little endian for node. */
function isLoopback(address: string): boolean {
  const mapped = '0000000000000000FFFF0000';
  if (address.length === 8) return address.endsWith('7F');
  return address === '00000000000000000000000001000000' || (address.startsWith(mapped) && address.endsWith('7F'));
}

function hostOf(address: string): string {
  if (/^0+$/.test(address)) return address.length === 8 ? '127.0.0.1' : '[::1]';
  const bytes = address.match(/.{8}/g)!.flatMap((word) => word.match(/../g)!.reverse());
  if (bytes.length === 4) return bytes.map((byte) => Number.parseInt(byte, 16)).join('.');
  const parts = Array.from({ length: 8 }, (_, i) => Number.parseInt(bytes[i * 2]! + bytes[i * 2 + 1]!, 16));
  return `[${parts.map((part) => part.toString(16)).join(':')}]`;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function readNames(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
