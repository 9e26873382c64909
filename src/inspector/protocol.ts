import { EXIT, UserError } from '../errors.ts';

/** A thread of a node process that takes commands of the inspector protocol (the Chrome DevTools protocol and node's own domains). */
export interface InspectorTarget {
  /**
   * Sends a command and waits for its answer.
   * @throws {UserError} 125: the other side refuses it, or has gone
   */
  send<Result = unknown>(method: string, params?: object): Promise<Result>;
  /**
   * Calls `listener` with the params of each event.
   * @returns takes the listener off
   */
  on<Params = unknown>(event: string, listener: (params: Params) => void): () => void;
}

interface Pending {
  readonly method: string;
  done(result: unknown): void;
  fail(error: UserError): void;
}

interface Message {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
  readonly method?: string;
  readonly params?: unknown;
}

/** Commands with their answers, and events, over anything that carries texts. */
export class ProtocolChannel implements InspectorTarget {
  private readonly transmit: (text: string) => void;
  private readonly pending = new Map<number, Pending>();
  private readonly listeners = new Map<string, Set<(params: never) => void>>();
  private last = 0;
  private broken: UserError | undefined;

  constructor(transmit: (text: string) => void) {
    this.transmit = transmit;
  }

  send<Result>(method: string, params: object = {}): Promise<Result> {
    return new Promise((done, fail) => {
      if (this.broken !== undefined) return fail(this.broken);
      const id = ++this.last;
      this.pending.set(id, { method, done: done as (result: unknown) => void, fail });
      this.transmit(JSON.stringify({ id, method, params }));
    });
  }

  on<Params>(event: string, listener: (params: Params) => void): () => void {
    const listeners = this.listeners.get(event) ?? new Set();
    this.listeners.set(event, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** A text from the other side. */
  receive(text: string): void {
    const message = JSON.parse(text) as Message;
    if (message.method !== undefined) {
      for (const listener of this.listeners.get(message.method) ?? []) listener(message.params as never);
      return;
    }
    const pending = this.pending.get(message.id!);
    this.pending.delete(message.id!);
    if (message.error === undefined) pending?.done(message.result);
    else pending?.fail(refused(pending.method, message.error.message));
  }

  /** Nothing will come any more: whatever waits, and will wait, gets the error. */
  fail(error: UserError): void {
    this.broken ??= error;
    for (const { fail } of this.pending.values()) fail(this.broken);
    this.pending.clear();
  }
}

function refused(method: string, why: string): UserError {
  return new UserError(`the inspector of the process refused ${method}: ${why}`, { exitCode: EXIT.cannotCollect });
}
