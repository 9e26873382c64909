import { writeSync } from 'node:fs';
import { type Key, KeyReader } from './keys.ts';

/** The part of `process.stdin` that is needed. */
export interface ScreenInput {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: as node has it
  on(event: string, listener: (...words: any[]) => void): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: as node has it
  removeListener(event: string, listener: (...words: any[]) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

/** The part of `process.stdout` that is needed. */
export interface ScreenOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  readonly fd?: number;
  write(text: string): boolean;
  on(event: string, listener: () => void): unknown;
  removeListener(event: string, listener: () => void): unknown;
}

export interface ScreenEvents {
  onKey(key: Key): void;
  /** The window has another size, or its content was lost: draw anew. */
  onRedraw(): void;
  /** The terminal is gone. */
  onHangup(): void;
}

/** How long after ESC the rest of a sequence may come: slow lines send it in pieces. */
const ESCAPE_MS = 60;
/** After a continued stop, where the stop itself was refused. */
const STOP_MS = 100;

const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[0m\u001b[2J\u001b[H';
const LEAVE = '\u001b[0m\u001b[?7h\u001b[?25h\u001b[?1049l';

/**
 * The whole terminal: the alternate screen, no cursor, raw keys. Only lines that differ from what stands there are sent.
 * However the process ends, short of SIGKILL, the terminal is as it was before; whoever handles signals calls `close`.
 */
export class Screen {
  private readonly input: ScreenInput;
  private readonly output: ScreenOutput;
  private readonly events: ScreenEvents;
  private readonly keys = new KeyReader();
  private shown: (string | undefined)[] = [];
  private waiting: readonly string[] | undefined;
  private blocked = false;
  private isOpen = false;
  private escapeTimer: NodeJS.Timeout | undefined;
  private stopTimer: NodeJS.Timeout | undefined;

  constructor(input: ScreenInput, output: ScreenOutput, events: ScreenEvents) {
    this.input = input;
    this.output = output;
    this.events = events;
    process.on('exit', this.restore);
    // Before node prints what went wrong, or it would be printed where it vanishes
    process.on('uncaughtExceptionMonitor', this.restore);
    process.on('SIGTSTP', this.suspend);
    process.on('SIGCONT', this.continued);
    output.on('resize', this.resized);
    output.on('drain', this.drained);
    input.on('data', this.received);
    input.on('end', this.hungUp);
    input.on('close', this.hungUp);
    input.on('error', this.hungUp);
    this.enter();
    input.resume();
  }

  /** Columns and rows; 80x24 where the terminal does not say. */
  get size(): { readonly columns: number; readonly rows: number } {
    return { columns: this.output.columns || 80, rows: this.output.rows || 24 };
  }

  /** @param lines from the top, each of them no wider than the terminal; what is below them is empty */
  draw(lines: readonly string[]): void {
    if (!this.isOpen) return;
    if (this.blocked) {
      // What a slow line has not taken yet is old by now: only the newest is worth sending
      this.waiting = lines;
      return;
    }
    const { rows } = this.size;
    let text = '';
    for (let row = 0; row < rows; row++) {
      const line = lines[row] ?? '';
      if (this.shown[row] === line) continue;
      // Erased first: after the last column the cursor stands on it, and would erase it
      text += `\u001b[${row + 1};1H\u001b[0m\u001b[K${line}\u001b[0m`;
      this.shown[row] = line;
    }
    if (text !== '') this.blocked = !this.output.write(text);
  }

  /** Gives the terminal back. May be called again. */
  close(): void {
    this.restore();
    clearTimeout(this.escapeTimer);
    clearTimeout(this.stopTimer);
    process.removeListener('exit', this.restore);
    process.removeListener('uncaughtExceptionMonitor', this.restore);
    process.removeListener('SIGTSTP', this.suspend);
    process.removeListener('SIGCONT', this.continued);
    this.output.removeListener('resize', this.resized);
    this.output.removeListener('drain', this.drained);
    this.input.removeListener('data', this.received);
    this.input.removeListener('end', this.hungUp);
    this.input.removeListener('close', this.hungUp);
    this.input.removeListener('error', this.hungUp);
    this.input.pause();
  }

  /** Ctrl-Z: gives the terminal back and stops, until a shell says go on. */
  readonly suspend = (): void => {
    this.restore();
    // An own handler would keep the default, which is to stop, from happening
    process.removeListener('SIGTSTP', this.suspend);
    process.kill(process.pid, 'SIGTSTP');
    // Without a shell that could continue us the kernel does not stop us: nobody sends SIGCONT then
    this.stopTimer = setTimeout(this.continued, STOP_MS);
  };

  private readonly continued = (): void => {
    clearTimeout(this.stopTimer);
    process.removeListener('SIGTSTP', this.suspend);
    process.on('SIGTSTP', this.suspend);
    // The shell has set the terminal to its own mode, whatever node believes
    this.raw(false);
    this.enter();
    this.events.onRedraw();
  };

  private enter(): void {
    this.raw(true);
    this.shown = [];
    this.isOpen = true;
    this.blocked = !this.output.write(ENTER);
  }

  /** Everything is synchronous: the process may be about to end. */
  private readonly restore = (): void => {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.waiting = undefined;
    this.raw(false);
    writeNow(this.output, LEAVE);
  };

  private raw(on: boolean): void {
    try {
      this.input.setRawMode?.(on);
    } catch {
      // The terminal is gone; there is nothing to restore
    }
  }

  private readonly resized = (): void => {
    // What a terminal keeps of the old content after a resize differs from one to the next
    if (!this.isOpen) return;
    this.shown = [];
    this.blocked = !this.output.write('\u001b[0m\u001b[2J');
    this.events.onRedraw();
  };

  private readonly drained = (): void => {
    this.blocked = false;
    const lines = this.waiting;
    this.waiting = undefined;
    if (lines !== undefined) this.draw(lines);
  };

  /** For Ctrl-L: whatever another program wrote over the screen goes. */
  redraw(): void {
    this.resized();
  }

  private readonly received = (bytes: Uint8Array): void => {
    clearTimeout(this.escapeTimer);
    for (const key of this.keys.push(bytes)) this.events.onKey(key);
    if (!this.keys.isWaiting) return;
    this.escapeTimer = setTimeout(() => {
      for (const key of this.keys.flush()) this.events.onKey(key);
    }, ESCAPE_MS);
  };

  private readonly hungUp = (): void => {
    this.events.onHangup();
  };
}

/** How often, and how many milliseconds apart, a terminal that takes nothing is asked again. */
const TRIES = 20;
const TRY_AGAIN_MS = 10;

/** Written before this returns, where it can be: a terminal that is gone needs no restoring. */
function writeNow(output: ScreenOutput, text: string): void {
  if (output.fd === undefined) {
    output.write(text);
    return;
  }
  const pause = new Int32Array(new SharedArrayBuffer(4));
  let rest = Buffer.from(text);
  for (let i = 0; i < TRIES && rest.length > 0; i++) {
    try {
      rest = rest.subarray(writeSync(output.fd, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
      Atomics.wait(pause, 0, 0, TRY_AGAIN_MS);
    }
  }
}
