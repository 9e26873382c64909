/** Handles that are looked at, at most: a server may have any number. */
const MOST_HANDLES = 1000;
/** And so often, at most: milliseconds. */
const AGAIN_MS = 1000;

/** What most of node's native objects can say: the id of what is called back. */
interface Wrap {
  readonly constructor?: { readonly name?: string };
  getAsyncId?(): number;
}

interface Owner {
  readonly _handle?: Wrap | null;
  /** Of http: calls back for a connection. */
  readonly parser?: Wrap | null;
  readonly server?: unknown;
}

const handlesOf = (process as unknown as { _getActiveHandles?(): readonly Owner[] })._getActiveHandles;

/**
 * What was created while nobody watched, by its id, as far as the open handles tell. `executionAsyncResource` would tell of all, but
 * once it was called node takes a longer way for every callback in the process, for ever.
 */
export class Unwatched {
  private kinds = new Map<number, string>();
  private looked = Number.NEGATIVE_INFINITY;

  /** @returns undefined for timers, promises and other things that nobody has a list of */
  kindOf(id: number): string | undefined {
    const kind = this.kinds.get(id);
    if (kind !== undefined || performance.now() - this.looked < AGAIN_MS) return kind;
    this.look();
    return this.kinds.get(id);
  }

  private look(): void {
    this.looked = performance.now();
    this.kinds = new Map();
    for (const { _handle, parser, server } of (handlesOf?.call(process) ?? []).slice(0, MOST_HANDLES)) {
      this.note(_handle, _handle?.constructor?.name);
      this.note(parser, (server ?? null) === null ? 'HTTPClientAsyncResource' : 'HTTPServerAsyncResource');
    }
  }

  private note(wrap: Wrap | null | undefined, kind: string | undefined): void {
    const id = typeof wrap?.getAsyncId === 'function' ? wrap.getAsyncId() : undefined;
    if (id !== undefined && kind !== undefined) this.kinds.set(id, kind);
  }
}

/** @returns undefined where this version of node keeps it elsewhere */
export function idOfTimer(timer: object): number | undefined {
  const symbol = Object.getOwnPropertySymbols(timer).find(({ description }) => description === 'asyncId');
  const id = symbol === undefined ? undefined : (timer as Record<symbol, unknown>)[symbol];
  return typeof id === 'number' ? id : undefined;
}
