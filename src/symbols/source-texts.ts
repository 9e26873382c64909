import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from 'node:fs';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { groupBy } from '../profile/group-by.ts';
import type { Profile } from '../profile/profile.ts';
import type { SourceText } from '../profile/source-text.ts';

const MOST_FILES = 40;
const LARGEST_FILE = 2 << 20;
/** Characters of all excerpts together. */
const LARGEST_TEXT = 1 << 20;
const LONGEST_LINE = 400;
/** Lines shown around one that frames name. JavaScript frames name the line on which the function starts. */
const BEFORE = 4;
const AFTER = 40;

const SOURCE = /\.(?:[mc]?[jt]sx?|vue|svelte|c|h|cc|cpp|cxx|hh|hpp|hxx|inl|rs|go|py|rb|java|kt|swift|php|lua|zig)$/i;

/**
 * Lines of the source files that frames name, the heaviest files first: text files with the name of a source file that
 * are below a folder, links followed. A profile may come from anyone, and what it names goes into a file that is passed
 * on: therefore the folder, and therefore no more than the lines around those that are named.
 * @param folder an absolute path
 */
export function sourceTexts(profile: Profile, folder: string): SourceText[] {
  const named = namedLines(profile);
  const below = `${realpathSync(folder)}${sep}`;
  const { startTime, duration = 0 } = profile.meta;
  const recorded = startTime === undefined ? Number.POSITIVE_INFINITY : startTime + duration / 1e6;
  const texts: SourceText[] = [];
  let room = LARGEST_TEXT;
  for (const { name } of groupBy(profile, 'file')) {
    const lines = named.get(name);
    if (lines === undefined || !SOURCE.test(name)) continue;
    const read = readText(name, below);
    if (read === undefined) continue;
    const text = excerpt(name, read.text, lines, read.modified > recorded);
    const size = sizeOf(text);
    if (size === 0 || size > room) continue;
    room -= size;
    texts.push(text);
    if (texts.length === MOST_FILES) break;
  }
  return texts;
}

/** Characters of an excerpt. */
function sizeOf({ parts }: SourceText): number {
  return parts.reduce((sum, { lines }) => sum + lines.reduce((length, line) => length + line.length + 1, 0), 0);
}

function namedLines({ frames, strings }: Profile): Map<string, Set<number>> {
  const named = new Map<string, Set<number>>();
  for (let frame = 0; frame < frames.length; frame++) {
    const file = strings[frames.file[frame]!]!;
    const line = frames.line[frame]!;
    if (file === '' || line === 0) continue;
    const lines = named.get(file);
    if (lines === undefined) named.set(file, new Set([line]));
    else lines.add(line);
  }
  return named;
}

/** @returns undefined for what is not there, not below the folder, no file, too large or no text */
function readText(name: string, below: string): { text: string; modified: number } | undefined {
  let file: number | undefined;
  try {
    const path = realpathSync(name.startsWith('file://') ? fileURLToPath(name) : name);
    if (!path.startsWith(below) || !SOURCE.test(path) || !(name.startsWith('file://') || name.startsWith('/'))) {
      return undefined;
    }
    // Without waiting for the other end, should it be a pipe
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const facts = fstatSync(file);
    if (!facts.isFile() || facts.size > LARGEST_FILE) return undefined;
    const bytes = readFileSync(file);
    if (bytes.includes(0)) return undefined;
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), modified: facts.mtimeMs };
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function excerpt(file: string, text: string, named: ReadonlySet<number>, changed: boolean): SourceText {
  const all = text.split(/\r?\n/);
  if (all.at(-1) === '') all.pop();
  const parts: { from: number; lines: string[] }[] = [];
  for (const line of [...named].sort((a, b) => a - b)) {
    if (line > all.length) continue;
    const last = parts.at(-1);
    const end = last === undefined ? 0 : last.from + last.lines.length - 1;
    const from = Math.max(1, line - BEFORE);
    const to = Math.min(all.length, line + AFTER);
    const lines = all.slice(Math.max(from, end + 1) - 1, to).map(shortened);
    // A gap that is shorter than the words for it is no gap
    if (last !== undefined && from <= end + 3) last.lines.push(...all.slice(end, from - 1).map(shortened), ...lines);
    else parts.push({ from, lines });
  }
  return { file, length: all.length, parts, changed };
}

function shortened(line: string): string {
  return line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line;
}
