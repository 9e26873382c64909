/** How rustc's legacy mangling writes what an assembler does not take (`rustc-demangle`, legacy.rs). */
export const RUST_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['SP', '@'],
  ['BP', '*'],
  ['RF', '&'],
  ['LT', '<'],
  ['GT', '>'],
  ['LP', '('],
  ['RP', ')'],
  ['C', ','],
]);

/**
 * Finishes a Rust name that a C++ demangler has half read, as DTrace and macOS' sample print them: without the hash at
 * its end (`::h` and 16 digits) and LLVM's suffix, `$LT$` and its like in words, `..` as `::`. Names that nobody has read
 * yet (`_ZN3std2rt10lang_start17h` and the digits) are read whole. Other names stay.
 */
export function readableRustName(name: string): string {
  if (!/h[0-9a-f]{16}/.test(name)) return name;
  const hash = /^(.*)::h[0-9a-f]{16}(?: \(\.llvm\.[0-9A-F]+\)|\.llvm\.[0-9A-F]+)?$/.exec(pathOf(name) ?? name);
  if (!hash) return name;
  return hash[1]!
    .replace(/(^|::)_(?=\$)/g, '$1')
    .replace(/\$(\w+?)\$/g, (whole, code: string) => {
      const hex = /^u([0-9a-f]{1,5})$/.exec(code)?.[1];
      return RUST_ESCAPES.get(code) ?? (hex === undefined ? whole : String.fromCodePoint(Number.parseInt(hex, 16)));
    })
    .replaceAll('..', '::');
}

/** The path in rustc's legacy mangling: `a::b::h0123456789abcdef` for `_ZN1a1b17h0123456789abcdefE`, LLVM's suffix kept. */
function pathOf(name: string): string | undefined {
  const [, whole, suffix] = /^_?_ZN(.+17h[0-9a-f]{16})E((?:\.llvm\.[0-9A-F]+)?)$/.exec(name) ?? [];
  if (whole === undefined) return undefined;
  const parts: string[] = [];
  for (let at = 0; at < whole.length; ) {
    const digits = /^[1-9]\d{0,4}/.exec(whole.slice(at, at + 5))?.[0];
    if (digits === undefined) return undefined;
    at += digits.length;
    const part = whole.slice(at, at + Number(digits));
    if (part.length < Number(digits)) return undefined;
    parts.push(part);
    at += part.length;
  }
  return parts.join('::') + suffix;
}
