import type { GroupReport, HandleReport, ThreadReport } from '../../preload/console/messages.ts';
import type { ResourceRow } from '../snapshot.ts';
import { culprit, type Places } from './places.ts';

/** Types of async_hooks that are things of the system, by what a person calls them. Sockets are told of by their handles. */
const KINDS = new Map<string, string>([
  ['Timeout', 'timer'],
  ['FSREQCALLBACK', 'file'],
  ['FSREQPROMISE', 'file'],
  ['FILEHANDLE', 'file'],
  ['FILEHANDLECLOSEREQ', 'file'],
  ['DIRHANDLE', 'file'],
  ['FSEVENTWRAP', 'file'],
  ['STATWATCHER', 'file'],
  ['GETADDRINFOREQWRAP', 'dns'],
  ['GETNAMEINFOREQWRAP', 'dns'],
  ['QUERYWRAP', 'dns'],
  ['PROCESSWRAP', 'child'],
  ['WORKER', 'worker'],
  ['TCPWRAP', 'socket'],
  ['TCPSERVERWRAP', 'server'],
  ['PIPEWRAP', 'pipe'],
  ['PIPESERVERWRAP', 'server'],
  ['UDPWRAP', 'socket'],
  ['TLSWRAP', 'tls'],
  ['HTTPINCOMINGMESSAGE', 'http'],
  ['HTTPCLIENTREQUEST', 'http'],
  ['HTTP2SESSION', 'http'],
  ['HTTP2STREAM', 'http'],
  ['ZLIB', 'zlib'],
  ['SIGNALWRAP', 'signal'],
]);

const HANDLE_KINDS = new Map<string, string>([
  ['socket in', 'socket'],
  ['socket out', 'socket'],
]);

/** What a thread has open, by where it was made (as far as hooks were on) and by where it leads. */
export function resourceRows(
  report: ThreadReport,
  groups: ReadonlyMap<number, GroupReport>,
  places: Places,
): ResourceRow[] {
  const rows = report.handles.map((handle) => handleRow(report.thread, handle));
  for (const group of groups.values()) {
    const kind = KINDS.get(group.type);
    if (kind === undefined) continue;
    const place = culprit(places.of(group.stack));
    // What is in the pool of a parser, or was made by node for itself
    if (place === undefined && kind !== 'socket') continue;
    rows.push({
      id: `${report.thread}.group.${group.id}`,
      kind,
      type: group.type,
      ...(place === undefined ? {} : { place }),
      opened: Math.round(group.created),
      closed: Math.max(0, Math.round(group.created - group.live)),
      live: Math.round(group.live),
      age: Math.round(group.oldest),
      keepsAlive: group.keepAlive > 0,
      isEstimate: group.estimate,
      attributes: [
        ...(group.delay === undefined ? [] : [{ key: group.repeats ? 'every' : 'after', value: `${group.delay} ms` }]),
        ...threadOf(report.thread),
      ],
      operations: [],
    });
  }
  return rows;
}

function handleRow(thread: number, handle: HandleReport): ResourceRow {
  const opened = handle.opened ?? handle.live;
  const direction = handle.kind === 'socket in' ? 'accepted' : handle.kind === 'socket out' ? 'connected' : '';
  return {
    id: `${thread}.handle.${handle.kind}.${handle.name}`,
    kind: HANDLE_KINDS.get(handle.kind) ?? handle.kind,
    type: handle.name === '' && direction !== '' ? `all ${direction}` : handle.type,
    opened,
    closed: Math.max(0, opened - handle.live),
    live: handle.live,
    age: 0,
    keepsAlive: handle.keepAlive > 0,
    isEstimate: false,
    attributes: [
      ...(direction === '' ? [] : [{ key: 'direction', value: direction }]),
      ...(handle.name === '' ? [] : [{ key: handle.kind === 'server' ? 'listens' : 'peer', value: handle.name }]),
      ...handle.details.map(([key, value]) => ({ key, value })),
      ...threadOf(thread),
    ],
    operations: [],
  };
}

function threadOf(thread: number): ResourceRow['attributes'] {
  return thread === 0 ? [] : [{ key: 'thread', value: String(thread) }];
}
