import { mapFrames } from './map-frames.ts';
import type { Profile, Thread } from './profile.ts';

/** Folders of the system: what lies below them is the same on every machine, and tells nothing of its user. */
const SYSTEM = /^\/(?:usr|lib|lib32|lib64|bin|sbin|proc|sys|dev|snap|nix\/store)(?:\/|$)/;
/** What names the user. */
const HOME = /^(?:(?:\/var|\/export)?\/home\/[^/]+|\/Users\/[^/]+|\/root|[a-z]:[\\/]Users[\\/][^\\/]+)(?=[\\/]|$)/i;
/** A path, or a `file:` or web address, within a longer text. */
const PATH_IN_TEXT = /(?:[a-z][a-z0-9+.-]*:\/\/[^\s/"'`<>|;)]*)?(?:~|\.{0,2})(?<![\w)\]}])\/[^\s"'`<>|;:()]+/gi;

/**
 * The profile without where its files lie: of paths and addresses outside the system's folders no more than the file and
 * its folder (`…/src/server.js`), or what lies below `node_modules`. Equal paths stay equal, in every recording.
 */
export function redactPaths(profile: Profile): Profile {
  const { frames, meta } = profile;
  const isPath = new Uint8Array(profile.strings.length);
  for (const column of [frames.file, frames.module]) for (const string of column) isPath[string] = 1;
  const strings: string[] = [];
  const index = new Map<string, number>();
  const renumbered = profile.strings.map((text, i) => {
    const redacted = isPath[i] === 1 && looksLikePath(text) ? shortPath(text) : redactText(text);
    let at = index.get(redacted);
    if (at === undefined) {
      at = strings.push(redacted) - 1;
      index.set(redacted, at);
    }
    return at;
  });
  const mapped = mapFrames(profile, (row) => {
    row[0] = renumbered[row[0]]!;
    row[1] = renumbered[row[1]]!;
    row[4] = renumbered[row[4]]!;
  });
  const threads = profile.threads.map(
    (thread): Thread => ({ ...thread, process: redactText(thread.process), name: redactText(thread.name) }),
  );
  const command = meta.command?.map(redactText);
  return {
    ...mapped,
    strings,
    threads,
    meta: { ...meta, ...(command === undefined ? {} : { command }), notes: meta.notes.map(redactText) },
  };
}

/** The profile without what its program was called with, and on which machine: names of options stay, their values go. */
export function redactArguments(profile: Profile): Profile {
  const { host: _host, command, ...meta } = profile.meta;
  const redacted = command?.map((word, i) => (i === 0 ? word : withoutValue(word)));
  return { ...profile, meta: { ...meta, ...(redacted === undefined ? {} : { command: redacted }) } };
}

const REDACTED = '[redacted]';

function withoutValue(word: string): string {
  const [, option, value] = /^(--?[A-Za-z][\w-]*)(=.*)?$/s.exec(word) ?? [];
  if (option === undefined) return REDACTED;
  // -psecret: a letter, and what it is given
  if (value === undefined && /^-[A-Za-z]./.test(option) && !option.startsWith('--'))
    return `${option.slice(0, 2)}${REDACTED}`;
  return value === undefined ? option : `${option}=${REDACTED}`;
}

function looksLikePath(text: string): boolean {
  return /^(?:[a-z][a-z0-9+.-]*:\/\/|~?\/|\.{1,2}\/|[a-z]:[\\/])/i.test(text);
}

function redactText(text: string): string {
  // The source of a regular expression has slashes of its own
  return text.includes('/') && !text.startsWith('RegExp: ') ? text.replace(PATH_IN_TEXT, shortPath) : text;
}

function shortPath(path: string): string {
  const bare = path.replace(/^file:\/\/(?:\/(?=[a-z]:))?/i, '');
  if (SYSTEM.test(bare) || path.startsWith('node:')) return path;
  const isWeb = /^[a-z][a-z0-9+.-]*:\/\//i.test(bare);
  const parts = isWeb
    ? bare
        .replace(/[?#].*$/s, '')
        .split('/')
        .slice(3)
    : bare.replace(HOME, '~').split(/[\\/]/);
  const packages = parts.lastIndexOf('node_modules');
  const kept = packages >= 0 ? parts.slice(packages) : parts.slice(-2);
  // Of an address not even the host stays
  return kept.length === parts.length && !isWeb ? kept.join('/') : `…/${kept.join('/')}`;
}
