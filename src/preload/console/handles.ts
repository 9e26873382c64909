import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { HandleReport } from './messages.ts';

/** The parts of node's handle objects that say what they are. */
interface Handle {
  readonly constructor?: { readonly name?: string };
  readonly listening?: boolean;
  readonly fd?: number;
  readonly pid?: number;
  readonly spawnfile?: string;
  readonly threadId?: number;
  readonly pending?: boolean;
  readonly _peername?: Address | null;
  readonly _sockname?: Address | null;
  readonly server?: unknown;
  readonly _server?: unknown;
  readonly _host?: string | null;
  readonly bytesRead?: number;
  readonly bytesWritten?: number;
  readonly _handle?: {
    hasRef?(): boolean;
    getpeername?(into: Address): number;
    getsockname?(into: Address): number;
  } | null;
  address?(): { address?: string; port?: number } | string | null;
}

interface Address {
  address?: string;
  port?: number;
}

interface Row {
  readonly kind: string;
  readonly type: string;
  readonly name: string;
  live: number;
  keepAlive: number;
  read: number;
  written: number;
}

/** Ends that are told apart in one report: peers may be any number. */
const MOST_ROWS = 200;

const handlesOf = (process as unknown as { _getActiveHandles?(): readonly unknown[] })._getActiveHandles;

/** What keeps a process busy or waiting, by kind and by where it leads. */
export class Handles {
  private accepted = 0;
  private made = 0;
  private readonly begun: { accepted: number; made: number };
  private readonly onServer = (): void => {
    this.accepted++;
  };
  private readonly onClient = (): void => {
    this.made++;
  };

  constructor() {
    subscribe('net.server.socket', this.onServer);
    subscribe('net.client.socket', this.onClient);
    const rows = this.rows();
    const live = (kind: string): number => rows.reduce((sum, row) => sum + (row.kind === kind ? row.live : 0), 0);
    this.begun = { accepted: live('socket in'), made: live('socket out') };
  }

  stop(): void {
    unsubscribe('net.server.socket', this.onServer);
    unsubscribe('net.client.socket', this.onClient);
  }

  report(): HandleReport[] {
    const rows = this.rows();
    for (const [kind, opened] of [
      ['socket in', this.begun.accepted + this.accepted],
      ['socket out', this.begun.made + this.made],
    ] as const) {
      // Opened ones are counted of all ends together
      const live = rows.filter((row) => row.kind === kind).reduce((sum, row) => sum + row.live, 0);
      if (live === 0 && opened === 0) continue;
      rows.push({ kind, type: 'Socket', name: '', live, opened, keepAlive: 0, details: [] });
    }
    return rows;
  }

  private rows(): HandleReport[] {
    const rows = new Map<string, Row>();
    for (const handle of (handlesOf?.call(process) ?? []) as readonly Handle[]) {
      try {
        const described = describe(handle);
        if (described === undefined) continue;
        const [kind, name] = described;
        const key = `${kind}|${name}`;
        let row = rows.get(key);
        if (row === undefined) {
          if (rows.size >= MOST_ROWS) continue;
          row = { kind, type: handle.constructor?.name ?? '', name, live: 0, keepAlive: 0, read: 0, written: 0 };
          rows.set(key, row);
        }
        row.live++;
        if (handle._handle?.hasRef?.() ?? true) row.keepAlive++;
        if (kind.startsWith('socket')) {
          row.read += handle.bytesRead ?? 0;
          row.written += handle.bytesWritten ?? 0;
        }
      } catch {
        // A getter of the program's own
      }
    }
    return [...rows.values()].map(({ read, written, ...row }) => ({
      ...row,
      details: row.kind.startsWith('socket')
        ? [['read', `${read} bytes`] as const, ['written', `${written} bytes`] as const]
        : [],
    }));
  }
}

/** Undefined: the process has it whatever the program does. */
function describe(handle: Handle): readonly [kind: string, name: string] | undefined {
  const name = handle.constructor?.name ?? '';
  if (typeof handle.spawnfile === 'string') return ['child', `${handle.spawnfile} (${handle.pid ?? 'not started'})`];
  if (typeof handle.address === 'function' && handle.listening === true) return ['server', addressOf(handle)];
  // Standard streams
  if (handle.fd !== undefined && handle.fd >= 0 && handle.fd <= 2) {
    return handle.fd === 0 ? ['stdin', 'standard input'] : undefined;
  }
  if (name === 'MessagePort') return ['port', 'message port'];
  if (typeof handle.threadId === 'number') return ['worker', `thread ${handle.threadId}`];
  const peer = endOf(handle, '_peername', 'getpeername');
  if (peer.address !== undefined || typeof handle._host === 'string') {
    const isAccepted = (handle.server ?? handle._server ?? null) !== null;
    if (isAccepted) {
      const { port } = endOf(handle, '_sockname', 'getsockname');
      return ['socket in', `to port ${port ?? '?'} from ${peer.address ?? '?'}`];
    }
    const host = handle._host ?? peer.address ?? '?';
    return ['socket out', `${host}:${peer.port ?? (handle.pending === true ? 'connecting' : '?')}`];
  }
  if (name === 'Socket' || name === 'TLSSocket') return ['pipe', name];
  return ['handle', name];
}

/**
 * One end of a socket. Its own getters (`remoteAddress`, `localPort`) would note it in the socket: which gives the sockets that
 * were looked at another shape than the others, and all of the program's and node's code for them becomes slower for ever.
 */
function endOf(handle: Handle, noted: '_peername' | '_sockname', ask: 'getpeername' | 'getsockname'): Address {
  const known = handle[noted] ?? undefined;
  if (known !== undefined) return known;
  const end: Address = {};
  if (handle.pending !== true) handle._handle?.[ask]?.(end);
  return end;
}

function addressOf(handle: Handle): string {
  const address = handle.address?.() ?? '';
  if (typeof address === 'string') return address;
  return `${address.address?.includes(':') ? `[${address.address}]` : (address.address ?? '?')}:${address.port ?? '?'}`;
}
