import type { FrameWords } from '../../profile/builder.ts';
import { nativeKind } from '../../profile/kind.ts';
import { withoutParameters } from '../frames/cpp-names.ts';
import { readableRustName } from '../frames/rust-names.ts';
import { parseV8Name } from '../frames/v8-names.ts';

/**
 * Where the symbol starts in a frame line (`\t  7f1e214c24d9 main+0x1f (/bin/app)`): behind the address and a blank.
 * Inlined frames (`\t  f (inlined)`) may lack the address. -1 where the line is no frame.
 */
export function symbolStart(line: string): number {
  let i = 0;
  while (line.charCodeAt(i) === 32 || line.charCodeAt(i) === 9) i++;
  if (i === 0 || i === line.length) return -1;
  const address = i;
  while (isHexDigit(line.charCodeAt(i))) i++;
  if (i > address && (line.charCodeAt(i) === 32 || i === line.length)) return Math.min(i + 1, line.length);
  return line.endsWith(' (inlined)') ? address : -1;
}

/** Whether a line is surely a frame: it names its module. */
export function isFrame(line: string): boolean {
  return symbolStart(line) >= 0 && line.endsWith(')');
}

function isHexDigit(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 97 && code <= 102);
}

/**
 * Reads the symbol and dso of a frame line into frames, caller first: one, or several where a Java agent wrote an
 * inlined chain `outer->inner`.
 * @param text from {@link symbolStart} on: `main+0x1f (/bin/app)`, `f (inlined)`, `f` (without `-F dso`)
 * @param address part of the name of an `[unknown]` frame; '' = not
 */
export function parseFrameText(text: string, address = ''): FrameWords[] {
  const { symbol, module } = splitModule(text.trimEnd());
  return symbolFrames(symbol.includes('+0x') ? symbol.replace(/\+0x[0-9a-f]{1,16}$/, '') : symbol, module, address);
}

/**
 * The frames of a symbol, caller first, as {@link parseFrameText}.
 * @param symbol without offset; '' or `[unknown]` = it is not known
 * @param module '' or `[unknown]` = it is not known
 */
export function symbolFrames(symbol: string, module: string, address = ''): FrameWords[] {
  const name = readableRustName(symbol);
  const known = module === '[unknown]' ? '' : module;
  if (name === '' || name === '[unknown]') {
    return [{ name: moduleLabel(known, name === '' ? '' : address), module: known, kind: nativeKind('', known) }];
  }
  const v8 = parseV8Name(name);
  if (v8) return [{ ...v8, module: known }];
  if (module === 'inlined') return [{ name: withoutParameters(name), kind: 'inlined' }];
  const [outermost, ...inlined] = inlinedChain(name).map(withoutParameters);
  return [
    { name: outermost!, module: known, kind: nativeKind(outermost!, known) },
    ...inlined.map((inner): FrameWords => ({ name: inner, module: known, kind: 'inlined' })),
  ];
}

/**
 * `[libc.so.6]` for a frame without a symbol, `[libc.so.6 <7f1e214c24d9>]` with its address, as stackcollapse-perf.pl
 * writes them; `[unknown]` without a module.
 */
function moduleLabel(module: string, address: string): string {
  const binary = module.replace(/ \(deleted\)$/, '');
  const name = module === '' ? 'unknown' : binary.slice(binary.lastIndexOf('/') + 1) || binary;
  return address === '' ? `[${name}]` : `[${name} <${address}>]`;
}

/**
 * Splits at the last balanced `(...)` behind a blank: paths may hold blanks and brackets (`/tmp/x (deleted)`), and a
 * C++ name's own brackets stand further left.
 */
export function splitModule(text: string): { symbol: string; module: string } {
  if (text.endsWith(')')) {
    let depth = 0;
    for (let i = text.length - 1; i >= 0; i--) {
      const code = text.charCodeAt(i);
      if (code === 41) depth++;
      else if (code === 40 && --depth === 0) {
        if (i > 0 && text.charCodeAt(i - 1) !== 32) break;
        const module = text.slice(i + 1, -1).replace(/\+0x[0-9a-f]{1,16}$/, '');
        return { symbol: text.slice(0, i).trimEnd(), module };
      }
    }
    const open = text.lastIndexOf(' (');
    if (open >= 0 && depth > 0) return { symbol: text.slice(0, open), module: text.slice(open + 2, -1) };
  }
  return { symbol: text, module: '' };
}

/** Splits `a->b->c`, which perf-map-agent writes for inlined Java methods, but no `operator->` and no ` -> ` of a type. */
function inlinedChain(name: string): string[] {
  if (!name.includes('->')) return [name];
  return name.split(/(?<=[^\s>-])(?<!\boperator)->(?=[^\s(*>-])/);
}
