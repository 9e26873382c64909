import type { World } from '../world.ts';
import { wantsColor } from './color.ts';

/** How text is laid out for whoever will read it. */
export interface TextLook {
  /** Columns that a line may take. */
  readonly width: number;
  readonly color: boolean;
  /** Only ASCII: the reader's locale has nothing else. */
  readonly ascii: boolean;
}

/** A window can be dragged very small: below this a line says nothing. */
const LEAST_WIDTH = 20;
const TERMINAL_WIDTH = 80;
/** A file has no width; this is what fits a window, a page and a comment on the web. */
const FILE_WIDTH = 120;

/**
 * The look of text on standard output or in a file. `COLUMNS` decides on the width, then the terminal; a file is UTF-8.
 * @param color what `--color` or `--no-color` say
 */
export function textLook({ stdout, env }: World, toStdout: boolean, color?: boolean): TextLook {
  const toTerminal = toStdout && stdout.isTTY === true;
  const asked = /^[1-9]\d{0,4}$/.test(env.COLUMNS ?? '') ? Number(env.COLUMNS) : undefined;
  const known = asked ?? (toTerminal ? stdout.columns || TERMINAL_WIDTH : FILE_WIDTH);
  return {
    width: Math.max(LEAST_WIDTH, known),
    color: toStdout && (color ?? wantsColor(stdout, env)),
    ascii: toStdout && !isUtf8(env, toTerminal),
  };
}

/** POSIX: the first of these that is set names the locale. Without any it is `C`, which a pipe need not care for. */
function isUtf8({ LC_ALL, LC_CTYPE, LANG }: NodeJS.ProcessEnv, toTerminal: boolean): boolean {
  const locale = LC_ALL || LC_CTYPE || LANG;
  return locale ? /utf-?8/i.test(locale) : !toTerminal;
}
