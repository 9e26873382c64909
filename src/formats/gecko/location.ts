import type { FrameWords } from '../../profile/builder.ts';
import { guessedKind } from '../frames/guessed-kind.ts';

const position = /:(\d{1,9})(?::(\d{1,9}))?$/;

/**
 * Reads a frame's `location` as Firefox writes it before processing (`ProfilerUtils`, `FrameIterator`):
 *
 *     run (http://localhost/a.js:3:7)                   a function of a script, since 2025 with `[12]` behind it
 *     run (resource://loader.js -> resource://a.js:3)   loaded by another script: the last one is meant
 *     http://localhost/a.js:30:11                       a script's own code
 *     js::RunScript, 0x7f1234                           native
 */
export function parseGeckoLocation(location: string): FrameWords {
  const text = location.replace(/\[\d{1,9}\]$/, '');
  const open = text.endsWith(')') ? text.lastIndexOf(' (') : -1;
  const inner = open > 0 ? text.slice(open + 2, -1) : text;
  const script = inner.split(' -> ').at(-1)!;
  const found = position.exec(script.slice(-24));
  const file = found ? script.slice(0, script.length - found[0].length) : script;
  if (!(found ? /^(?:[a-z][\w+.-]*:[^:\s]|\/|self-hosted$)/i : /^[a-z][\w+.-]*:\/\//i).test(file)) {
    return { name: location, kind: guessedKind(location, '', '') };
  }
  return {
    name: open > 0 ? text.slice(0, open) : '',
    file,
    line: Number(found?.[1] ?? 0),
    column: Number(found?.[2] ?? 0),
    kind: file === 'self-hosted' ? 'builtin' : guessedKind('', file, ''),
  };
}
