import { mayBeTerminal, openDirect, type World } from '../world.ts';
import { escapeTerminal } from './escape.ts';

/** One line on standard error that rewrites itself. Silent where standard error is no terminal. */
export interface Progress {
  show(text: string): void;
  /** A line that stays, above the progress line; shown without a terminal too. */
  say(line: string): void;
  /** Removes the progress line. */
  end(): void;
}

const CLEAR_LINE = '\r\u001b[K';

/** @param quiet neither progress nor lines */
export function startProgress(world: World, quiet: boolean): Progress {
  const live = !quiet && mayBeTerminal(world, 'stderr') && world.stderr.isTTY === true;
  let shown = '';
  const draw = (text: string): void => {
    const room = (world.stderr.columns || 80) - 1;
    shown = escapeTerminal(text).slice(0, room);
    // The cursor waits at the line's start: what the program prints goes over the line, not behind it.
    world.stderr.write(`${CLEAR_LINE + shown}\r`);
  };
  const end = (): void => {
    if (shown !== '') world.stderr.write(CLEAR_LINE);
    shown = '';
  };
  return {
    show: (text) => {
      if (live) draw(text);
    },
    say: (line) => {
      if (quiet) return;
      const below = shown;
      end();
      writeLine(world, `pforge-prof: ${escapeTerminal(line)}\n`);
      if (below !== '') draw(below);
    },
    end,
  };
}

function writeLine(world: World, line: string): void {
  const direct = openDirect(world, 'stderr');
  try {
    const left = direct?.write(line) ?? line;
    if (left.length > 0) world.stderr.write(left);
  } catch {
    // Whoever read it has gone away
  } finally {
    direct?.close();
  }
}
