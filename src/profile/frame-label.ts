import type { Profile } from './profile.ts';

/** What a frame's label says; parts that it does not say are absent. */
export interface FrameLabelParts {
  /** '' for an anonymous function with a location. */
  readonly name: string;
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based. */
  readonly column?: number;
}

/**
 * How a frame is written in folded text, SVG titles and labels: `name file:line:column`, without the parts that are
 * unknown. `[unknown]` without a name and a file, `(anonymous) file:line:column` without a name.
 * The text is as the profiler gave it: who writes it escapes it for the target.
 */
export function frameLabel(profile: Pick<Profile, 'frames' | 'strings'>, frame: number): string {
  const { frames, strings } = profile;
  const name = strings[frames.name[frame]!]!;
  return placeLabel(name, strings[frames.file[frame]!]!, frames.line[frame]!, frames.column[frame]!);
}

/** {@link frameLabel} of a frame that is in no profile; 0 = not known. */
export function placeLabel(name: string, file: string, line: number, column: number): string {
  if (file === '') return name === '' ? '[unknown]' : name;
  const at = line === 0 ? '' : column === 0 ? `:${line}` : `:${line}:${column}`;
  // Joined, not added: labels get sorted, and V8 compares strings that are put together of others several times slower
  return [name === '' ? '(anonymous)' : name, file + at].join(' ');
}

/** `:line` or `:line:column` at the end. No leading zeros, so that the label of the parts is the text again. */
const position = /:([1-9]\d{0,9})(?::([1-9]\d{0,9}))?$/;
const longestPosition = 22;
const largestInt32 = 0x7fffffff;

const scriptFile = /\.[mc]?[jt]s$|\.[jt]sx$/;
/** Names that node itself gives to code without a file. */
const evaluated = /^(?:\[eval\d*\](?:-wrapper)?|\[stdin\](?:-wrapper)?|evalmachine\.<anonymous>)$/;

/**
 * The inverse of {@link frameLabel}. A trailing location is recognised only where it is surely one: after a blank, a
 * path (it holds `/`, starts with `node:` or `file:`, or ends like a script), then `:line` and optionally `:column`.
 * Paths that start with `/` or `file://` may hold blanks. All other text is the name. Never throws.
 */
export function parseFrameLabel(text: string): FrameLabelParts {
  const last = text.charCodeAt(text.length - 1);
  if (!(last >= 48 && last <= 57)) return { name: text };
  const tail = text.slice(-longestPosition);
  const found = position.exec(tail);
  if (!found) return { name: text };
  const line = Number(found[1]);
  const column = Number(found[2] ?? 0);
  if (line > largestInt32 || column > largestInt32) return { name: text };
  const pathEnd = text.length - tail.length + found.index;
  const pathStart = pathStartBefore(text, pathEnd);
  if (pathStart < 0) return { name: text };
  const name = text.slice(0, pathStart - 1);
  return {
    name: name === '(anonymous)' ? '' : name,
    file: text.slice(pathStart, pathEnd),
    line,
    ...(column > 0 ? { column } : {}),
  };
}

/** Where the path that ends at `end` starts; -1 where no path stands there behind a name and a blank. */
function pathStartBefore(text: string, end: number): number {
  const last = text.lastIndexOf(' ', end - 1);
  for (let blank = last; blank > 0; blank = text.lastIndexOf(' ', blank - 1)) {
    const start = blank + 1;
    // `operator / ` is a name; `/` as the whole path is none either
    if (text[start] === '/' && start + 1 < end && text[start + 1] !== ' ') return start;
    if (text.startsWith('file://', start)) return start;
  }
  return last > 0 && isPath(text.slice(last + 1, end)) ? last + 1 : -1;
}

function isPath(word: string): boolean {
  return (
    (word.includes('/') && word !== '/') ||
    (/^(?:node|file):/.test(word) && word.length > 5) ||
    scriptFile.test(word) ||
    evaluated.test(word)
  );
}
