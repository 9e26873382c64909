import { fileURLToPath } from 'node:url';
import type { FrameWords } from '../../profile/builder.ts';
import { jsKind } from '../../profile/kind.ts';
import type { Tier } from '../../profile/profile.ts';

/** What V8 calls a function without a name in its own tools. */
export const ANONYMOUS = '(anonymous)';

/** `TYPE:` + marks, e.g. `JS:*`, `JS:o+'`, `Function:~`. The marks: `o` on-stack replacement, a tier, `'` specialised. */
const codeType = /^(?:JS|Script|Eval|Function|LazyCompile):(?!:)(o?([~^+*?])'?)?/;
/** The script, from the first blank on that is followed by an absolute path or a URL: names and paths may hold blanks. */
const absolute = /^(.*?) ((?:\/|[a-z][\w+.-]*:).*)$/s;
/** Relative scripts (`evalmachine.<anonymous>`, `internal/x.js` of old nodes): the name ends at the first blank. */
const relative = /^(\S*) (.+)$/s;
const position = /:(\d{1,9})(?::(\d{1,9}))?$/;

const tiers: ReadonlyMap<string, Tier> = new Map([
  ['~', 'interpreted'],
  ['^', 'baseline'],
  ['+', 'mid'],
  ['*', 'optimized'],
]);

/**
 * Reads a name that V8 writes to a perf map or a jitdump (`--perf-basic-prof`, `--perf-prof`; V8's
 * `CodeEventLogger` and `CodeKindToMarker`): `JS:*parse /srv/app.js:12:3`, `RegExp:a|b`, `Builtin:ArrayMap`,
 * `BytecodeHandler:Add`. Undefined where the name is not V8's.
 */
export function parseV8Name(raw: string): FrameWords | undefined {
  const code = codeType.exec(raw);
  if (code) return scriptFunction(raw.slice(code[0].length), tiers.get(code[2] ?? '') ?? 'none');
  const regExp = regExpOf(raw);
  if (regExp !== undefined) return { name: `RegExp: ${regExp}`, kind: 'jit' };
  if (/^(?:Builtin:|BytecodeHandler:|Builtins_)/.test(raw)) return { name: raw, kind: 'builtin' };
  return undefined;
}

/** Node 24 writes `RegExp.> src: 'a|b' flags: 'gi'` where older ones write `RegExp:a|b`. */
function regExpOf(raw: string): string | undefined {
  if (/^RegExp:(?!:)/.test(raw)) return raw.slice('RegExp:'.length);
  const [, source, flags] = /^RegExp\.> src: '(.*)' flags: '(\w*)'$/s.exec(raw) ?? [];
  return flags === '' ? source : source && `${source} /${flags}`;
}

function scriptFunction(text: string, tier: Tier): FrameWords {
  const [, name, location] = absolute.exec(text) ?? relative.exec(text) ?? [];
  if (name === undefined || location === undefined) return { name: text || ANONYMOUS, kind: 'jit', tier };
  const at = position.exec(location);
  const file = scriptFile(at ? location.slice(0, at.index) : location);
  return {
    name: name || ANONYMOUS,
    file,
    ...(at ? { line: Number(at[1]) } : {}),
    ...(at?.[2] ? { column: Number(at[2]) } : {}),
    kind: jsKind(file),
    tier,
  };
}

/** A script's URL as V8 gives it: `file://` becomes the path it names, all else stays. */
export function scriptFile(url: string): string {
  if (!url.startsWith('file://')) return url;
  try {
    return fileURLToPath(url);
  } catch {
    return url;
  }
}
