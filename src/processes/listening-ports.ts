import { readdirSync, readlinkSync } from 'node:fs';
import { readProc } from './inside.ts';
import { descendants } from './proc.ts';

/** A TCP socket that waits for connections. */
export interface ListeningSocket {
  readonly port: number;
  /** As a URL has it: `127.0.0.1`, `[::1]`; any address is given as that of this machine. */
  readonly host: string;
  readonly pid: number;
}

/** TCP_LISTEN of the kernel's include/net/tcp_states.h. */
const LISTEN = '0A';

/**
 * Sockets on which a process, or one that it started, listens: by the open files of the processes and the kernel's tables
 * /proc/net/tcp and tcp6 (proc(5)). So it works for any program, and for clusters, without anything inside of them.
 * @returns those of the process itself first, then in the order of their making
 */
export function listeningSockets(root: number): ListeningSocket[] {
  const table = listenTable();
  if (table.size === 0) return [];
  const found: ListeningSocket[] = [];
  const ports = new Set<number>();
  for (const pid of [root, ...descendants(root).map((process) => process.pid)]) {
    for (const inode of socketsOf(pid)) {
      const at = table.get(inode);
      if (at === undefined || ports.has(at.port)) continue;
      ports.add(at.port);
      found.push({ ...at, pid });
    }
  }
  return found;
}

/** The numbers of the sockets that a process has open, by their descriptors. */
function socketsOf(pid: number): string[] {
  let names: string[];
  try {
    names = readdirSync(`/proc/${pid}/fd`);
  } catch {
    return [];
  }
  return names
    .map(Number)
    .sort((a, b) => a - b)
    .flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        return [];
      }
    });
}

/** By inode. */
function listenTable(): Map<string, { port: number; host: string }> {
  const table = new Map<string, { port: number; host: string }>();
  for (const file of ['tcp', 'tcp6']) {
    for (const line of (readProc(`/proc/net/${file}`) ?? '').split('\n').slice(1)) {
      // sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode
      const fields = line.trim().split(/\s+/);
      if (fields[3] !== LISTEN) continue;
      const [address, port] = fields[1]!.split(':') as [string, string];
      table.set(fields[9]!, { port: Number.parseInt(port, 16), host: hostOf(address) });
    }
  }
  return table;
}

/** The kernel prints addresses as 32-bit words in the byte order of the machine (little-endian on all that node runs on). */
function hostOf(hex: string): string {
  if (/^0+$/.test(hex)) return hex.length === 8 ? '127.0.0.1' : '[::1]';
  const bytes = hex.match(/.{8}/g)!.flatMap((word) => word.match(/../g)!.reverse());
  if (bytes.length === 4) return bytes.map((byte) => Number.parseInt(byte, 16)).join('.');
  const parts = Array.from({ length: 8 }, (_, i) => Number.parseInt(bytes[i * 2]! + bytes[i * 2 + 1]!, 16));
  return `[${parts.map((part) => part.toString(16)).join(':')}]`;
}
