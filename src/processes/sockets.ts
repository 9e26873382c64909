import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { executableOf } from './proc.ts';

/** A TCP socket as the kernel lists it (proc_net(5), /proc/PID/net/tcp). */
export interface TcpSocket {
  readonly state: 'listening' | 'connected' | 'other';
  /** True where only programs of this machine reach it: 127.0.0.0/8 or ::1. */
  readonly isLoopback: boolean;
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
