import { type ChildProcess, spawn } from 'node:child_process';
import { deathSignalPrefix } from './death-signal.ts';
import { findTool } from './executables.ts';

/** One press of Ctrl-C, or one signal to us. */
interface Interrupt {
  readonly signal: NodeJS.Signals;
  /** Resolves to true when the whole process group got the signal (a terminal's Ctrl-C), so our program has it too. */
  readonly toGroup: Promise<boolean>;
  /** 1 for the first since the handler was installed. */
  readonly count: number;
  /** Milliseconds since the first. */
  readonly sinceFirst: number;
}

export type InterruptHandler = (interrupt: Interrupt) => void;

/** By which a person, a terminal or a machine that shuts down ends programs. */
export const INTERRUPTS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

/** Wrappers such as npm pass Ctrl-C on to a child that already has it: two within this time are one press. */
const SAME_PRESS_MS = 100;

/**
 * How long the group's other member may take to die of the signal that we got. On a busy machine that is a while, and a
 * program that hears Ctrl-C twice may give up; one that hears it late does not mind.
 */
const CANARY_MS = 250;

/** The newest handler gets the signals; what it covers waits below it. */
const handlers: {
  readonly handle: InterruptHandler;
  readonly canary: Canary | undefined;
  count: number;
  first: number;
}[] = [];
let latest = Number.NEGATIVE_INFINITY;

/**
 * From now on signals do not end us: they go to `handle`, until the returned function gives them back to the handler
 * before it. Node tells that we were signalled, not whether our group was. With `askGroup` a tiny child in our group
 * (`cat` on a pipe of ours) acts as the canary: it dies of a signal to the group.
 */
export function onInterrupts(handle: InterruptHandler, options: { readonly askGroup?: boolean } = {}): () => void {
  if (handlers.length === 0) for (const signal of INTERRUPTS) process.on(signal, receive);
  const entry = { handle, canary: options.askGroup ? new Canary() : undefined, count: 0, first: 0 };
  handlers.push(entry);
  return () => {
    const index = handlers.indexOf(entry);
    if (index < 0) return;
    handlers.splice(index, 1);
    entry.canary?.end();
    if (handlers.length === 0) for (const signal of INTERRUPTS) process.removeListener(signal, receive);
  };
}

function receive(signal: NodeJS.Signals): void {
  const now = performance.now();
  if (now - latest < SAME_PRESS_MS) return;
  latest = now;
  const entry = handlers.at(-1);
  if (entry === undefined) return;
  if (entry.count++ === 0) entry.first = now;
  const toGroup = entry.canary?.diesOf(signal) ?? Promise.resolve(false);
  entry.handle({ signal, toGroup, count: entry.count, sinceFirst: now - entry.first });
}

/** A child that does nothing but be in our process group. It ends with its standard input, that is with us. */
class Canary {
  private child: ChildProcess | undefined;
  private death: Promise<NodeJS.Signals | null> = Promise.resolve(null);
  private ended = false;

  constructor() {
    this.start();
  }

  private start(): void {
    const cat = findTool('cat');
    if (cat === undefined) return;
    const [file, ...args] = [...deathSignalPrefix('KILL'), cat];
    const child = spawn(file!, args, { stdio: ['pipe', 'ignore', 'ignore'] });
    this.death = new Promise((done) => {
      child.once('exit', (_code, signal) => done(signal));
      child.once('error', () => done(null));
    });
    child.stdin?.on('error', () => {});
    child.unref();
    this.child = child;
  }

  async diesOf(signal: NodeJS.Signals): Promise<boolean> {
    // After a stall the timer comes first: whatever else has happened meanwhile is seen before `setImmediate`
    const late = new Promise<null>((done) => setTimeout(() => setImmediate(() => done(null)), CANARY_MS));
    const died = (await Promise.race([this.death, late])) === signal;
    if (died && !this.ended) this.start();
    return died;
  }

  end(): void {
    this.ended = true;
    this.child?.kill('SIGKILL');
  }
}
