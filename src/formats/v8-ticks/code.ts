import { basename } from 'node:path';
import type { FrameWords } from '../../profile/builder.ts';
import { nativeKind } from '../../profile/kind.ts';
import type { Input } from '../format.ts';
import { withoutParameters } from '../frames/cpp-names.ts';
import { parseV8Name } from '../frames/v8-names.ts';
import { type JsonObject, jsonString } from '../json-stream/input.ts';

/** A piece of code that ticks name. `native`: machine code that V8 did not make. */
export interface Code {
  readonly words: FrameWords;
  readonly native: boolean;
}

/** `kind` of JavaScript in V8's profile.mjs, 8.x to 13.x: the marker that stands for it in a log. */
const markers: ReadonlyMap<string, string> = new Map([
  ['Unopt', '~'],
  ['Ignition', '~'],
  ['Baseline', '^'],
  ['Sparkplug', '^'],
  ['Maglev', '+'],
  ['Opt', '*'],
  ['Turboprop', '*'],
  ['Turbofan', '*'],
]);

/**
 * Reads one entry of `code`: `{ name, type, kind? }`, as `node --prof-process --preprocess` writes it and 0x keeps it.
 * @param path where it stands, as a JSON path
 * @throws {FormatError} a name, type or kind that is no string
 */
export function readCode(input: Input, path: string, code: JsonObject): Code {
  const type = jsonString(input, `${path}.type`, code.type);
  const kind = code.kind === undefined ? '' : jsonString(input, `${path}.kind`, code.kind);
  const name = unquoted(jsonString(input, `${path}.name`, code.name));
  if (type === 'JS') return { words: scriptWords(name, kind), native: false };
  if (type === 'SHARED_LIB') return { words: moduleWords(name), native: true };
  if (type === 'CPP') return { words: symbolWords(name, ''), native: true };
  if (kind === 'RegExp') return { words: { name: `RegExp: ${name}`, kind: 'jit' }, native: false };
  if (/wasm/i.test(type) || /wasm/i.test(kind)) return { words: { name, kind: 'wasm' }, native: false };
  return { words: { name: `${kind || type}:${name}`, kind: 'builtin' }, native: false };
}

/** Machine code by its symbol: nm of macOS writes the symbol's class before it, others the library's version behind. */
export function symbolWords(text: string, module: string): FrameWords {
  const symbol = text.replace(/^[tTiI] (?=\S)/, '').replace(/(?<=.)@{1,2}[A-Z][\w.]*$/, '');
  return { name: withoutParameters(symbol), module, kind: nativeKind(symbol, module) };
}

/** Machine code of which only the file is known: `[libc.so.6]`, as other formats call it. */
export function moduleWords(module: string): FrameWords {
  return { name: module.startsWith('[') ? module : `[${basename(module)}]`, module, kind: nativeKind('', module) };
}

/** `parse /srv/app.js:12:3`. What was compiled by `eval` has a position and no file. */
function scriptWords(name: string, kind: string): FrameWords {
  const words = parseV8Name(`JS:${markers.get(kind) ?? ''}${name}`)!;
  if (/^(?:wasm-|js-to-wasm|wasm:)/.test(name)) return { ...words, kind: 'wasm' };
  return words.file === '' && kind !== 'Builtin' ? { ...words, kind: 'app' } : words;
}

/** Logs of V8 up to 6 have their texts in quotes. */
function unquoted(text: string): string {
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}
