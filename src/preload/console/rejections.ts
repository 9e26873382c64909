import type { RawPlace } from './messages.ts';
import { placesOf } from './places.ts';

export interface Rejections {
  readonly count: number;
  /** What the last one was: one line. */
  readonly last: string;
  readonly stack: readonly RawPlace[];
}

type Emit = (this: unknown, event: string | symbol, ...rest: unknown[]) => boolean;

/**
 * Counts promises that were rejected and that nobody handled. A listener would change what node does about them, so
 * there is none: `process.emit` is looked at on its way.
 */
export function countRejections(): { readonly seen: () => Rejections; stop(): void } {
  let count = 0;
  let last: unknown;
  let active = true;
  const holder = process as unknown as { emit: Emit };
  const own = Object.hasOwn(process, 'emit');
  const { emit } = holder;
  const watching: Emit = function (event, ...rest) {
    if (active && (event === 'unhandledRejection' || (event === 'uncaughtExceptionMonitor' && rest[1] === event0))) {
      // With a listener of the program both come; the listener comes first
      if (event === 'unhandledRejection' || rest[0] !== last || !listened) count++;
      listened = event === 'unhandledRejection';
      last = rest[0];
    }
    return emit.call(this, event, ...rest);
  };
  const event0 = 'unhandledRejection';
  let listened = false;
  holder.emit = watching;
  return {
    seen: () => ({ count, last: count === 0 ? '' : firstLine(last), stack: stackOf(last) }),
    stop() {
      active = false;
      last = undefined;
      // Somebody may have put another one on top, which calls this one
      if (holder.emit !== watching) return;
      if (own) holder.emit = emit;
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
