import { inspect } from 'node:util';

/** What becomes of an operation, as far as its resource tells. */
export type Life = 'live' | 'over' | 'unknown';

/** Over with their one callback. */
const ONE_CALL =
  /^(?:TickObject|Immediate|Microtask|FSREQ|FSReq|GETADDRINFO|GETNAMEINFO|QUERYWRAP|TCPCONNECT|PIPECONNECT|SHUTDOWN|WRITEWRAP|UDPSENDWRAP|RANDOMBYTES|RANDOMPRIME|PBKDF2|SCRYPT|HASHREQ|KEYPAIR|KEYGEN|SIGNREQ|CHECKPRIME|DERIVEBITS|CIPHERREQ|HTTPINCOMINGMESSAGE)/;

/** Handles whose descriptor tells whether they are open. */
const HAS_DESCRIPTOR = /^(?:(?:TCP|PIPE|TTY|UDP)(?:SERVER)?WRAP|FILEHANDLE)$/;

/** Handles that data comes through. */
const STREAM = /^(?:TCP|PIPE|TTY)WRAP$/;

const PENDING = /^(?:\w+ \[)?Promise(?:\])? \{\s*<pending>/;

interface TimerParts {
  readonly _destroyed?: boolean;
  readonly _repeat?: number | null;
  readonly _idleTimeout?: number;
  hasRef?(): boolean;
}

/** True where one callback is all that is to come. */
export function endsWithCall(type: string): boolean {
  return ONE_CALL.test(type);
}

/** True where the system has something open for it as long as it lives. */
export function hasDescriptor(type: string): boolean {
  return HAS_DESCRIPTOR.test(type);
}

/** Cheap: asks nothing of a promise. */
export function lifeOf(type: string, resource: object): Life {
  if (type === 'Timeout') return (resource as TimerParts)._destroyed === true ? 'over' : 'live';
  if (type === 'PROMISE') return 'unknown';
  if (hasDescriptor(type)) {
    const { fd } = resource as { fd?: number };
    return typeof fd === 'number' && fd < 0 ? 'over' : 'live';
  }
  if (type === 'HTTPCLIENTREQUEST') {
    const { req } = resource as { readonly req?: { readonly destroyed?: boolean } };
    return req?.destroyed === true ? 'over' : 'unknown';
  }
  // One without a callback was asked for an answer at once, which is there by now
  if (type.endsWith('REQUEST')) return 'ondone' in resource ? 'unknown' : 'over';
  return isGivenBack(resource) ? 'over' : 'unknown';
}

/** A part of node that has closed a handle lets go of it, long before the garbage collector comes to it. */
function isGivenBack(handle: object): boolean {
  const owner = ownerOf(handle);
  return owner !== undefined && '_handle' in owner && owner._handle === null;
}

/** The part of node that a handle belongs to. */
function ownerOf(handle: object): object | undefined {
  const symbol = Object.getOwnPropertySymbols(handle).find(({ description }) => description === 'owner_symbol');
  const owner = symbol === undefined ? undefined : (handle as Record<symbol, unknown>)[symbol];
  return typeof owner === 'object' && owner !== null ? owner : undefined;
}

/** The event loop waits for a stream that reads, connects, or still has to write; for others, such as standard output, it does not. */
function isStreaming(handle: object): boolean {
  const { reading } = handle as { readonly reading?: boolean };
  if (reading === true) return true;
  const owner = ownerOf(handle) as { readonly connecting?: boolean; readonly writableLength?: number } | undefined;
  return owner === undefined || owner.connecting === true || (owner.writableLength ?? 0) > 0;
}

/** Whether a promise is settled; takes microseconds, runs nothing of the program. */
export function isPending(promise: object): boolean {
  const text = inspect(promise, {
    depth: 0,
    customInspect: false,
    getters: false,
    maxArrayLength: 0,
    maxStringLength: 0,
    breakLength: Number.POSITIVE_INFINITY,
  });
  return PENDING.test(text);
}

/** Of a timer: how long, and whether again and again. */
export function timerOf(resource: object): { readonly delay?: number; readonly repeats?: boolean } {
  const { _idleTimeout, _repeat } = resource as TimerParts;
  if (typeof _idleTimeout !== 'number' || _idleTimeout < 0) return {};
  return { delay: _idleTimeout, repeats: typeof _repeat === 'number' };
}

/** A timer is set by the very callback that it calls. */
export function setsItself(timer: object, running: object): boolean {
  const [next, last] = [timer, running] as { readonly _onTimeout?: unknown }[];
  return last!._onTimeout !== undefined && last!._onTimeout === next!._onTimeout;
}

/** Whether the event loop goes on for it. */
export function keepsAlive(type: string, resource: object): boolean {
  if (type === 'PROMISE') return false;
  const { hasRef } = resource as TimerParts;
  if (typeof hasRef !== 'function') return false;
  try {
    return hasRef.call(resource) && (!STREAM.test(type) || isStreaming(resource));
  } catch {
    return false;
  }
}
