import type { RawPlace } from './messages.ts';
import { placesOf } from './places.ts';

export interface Rejections {
  readonly count: number;
  /** What the last one was: one line. */
  readonly last: string;
  readonly stack: readonly RawPlace[];
}

type Emit = (this: unknown, event: string | symbol, ...rest: unknown[]) => boolean;

/** What stands behind an `emit` of ours: those of several consoles may lie on top of each other. */
interface Link {
  active: boolean;
  readonly previous: Emit;
  /** The process had an `emit` of its own before, not that of its prototype alone. */
  readonly own: boolean;
}

const LINK = Symbol.for('pforge-prof.console.emit');
const UNHANDLED = 'unhandledRejection';

/**
 * Counts promises that were rejected and that nobody handled. A listener would change what node does about them, so
 * there is none: `process.emit` is looked at on its way.
 */
export function countRejections(): { readonly seen: () => Rejections; stop(): void } {
  const holder = process as unknown as { emit: Emit & { [LINK]?: Link } };
  const link: Link = { active: true, previous: holder.emit, own: Object.hasOwn(process, 'emit') };
  let count = 0;
  let last: unknown;
  let toListener = false;
  function look(event: string | symbol, reason: unknown, origin: unknown): void {
    if (event === UNHANDLED) {
      count++;
      toListener = true;
    } else if (event === 'uncaughtExceptionMonitor' && origin === UNHANDLED) {
      // With a listener of the program that throws both come
      if (!toListener || reason !== last) count++;
      toListener = false;
    } else return;
    last = reason;
  }
  const watching: Emit & { [LINK]?: Link } = function (event, ...rest) {
    if (link.active) look(event, rest[0], rest[1]);
    return link.previous.call(this, event, ...rest);
  };
  watching[LINK] = link;
  holder.emit = watching;
  return {
    seen: () => ({ count, last: count === 0 ? '' : firstLine(last), stack: stackOf(last) }),
    stop() {
      link.active = false;
      last = undefined;
      // Somebody may have put another one on top, which calls this one
      let top: Link | undefined;
      for (let next = holder.emit[LINK]; next !== undefined && !next.active; next = next.previous[LINK as never])
        top = next;
      if (top === undefined) return;
      if (top.own) holder.emit = top.previous;
      else Reflect.deleteProperty(process, 'emit');
    },
  };
}

function firstLine(reason: unknown): string {
  try {
    const text = reason instanceof Error ? `${reason.name}: ${reason.message}` : String(reason);
    return text.split('\n', 1)[0]!.slice(0, 200);
  } catch {
    return 'a reason that is no text';
  }
}

function stackOf(reason: unknown): RawPlace[] {
  try {
    return reason instanceof Error && typeof reason.stack === 'string' ? placesOf(reason.stack) : [];
  } catch {
    return [];
  }
}
