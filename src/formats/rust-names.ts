/** How rustc's legacy mangling writes what an assembler does not take (`rustc-demangle`, legacy.rs). */
const escapes: ReadonlyMap<string, string> = new Map([
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
 * its end (`::h` and 16 digits) and LLVM's suffix, `$LT$` and its like in words, `..` as `::`. Other names stay.
 */
export function readableRustName(name: string): string {
  const hash = /^(.*)::h[0-9a-f]{16}(?: \(\.llvm\.[0-9A-F]+\)|\.llvm\.[0-9A-F]+)?$/.exec(name);
  if (!hash) return name;
  return hash[1]!
    .replace(/(^|::)_(?=\$)/g, '$1')
    .replace(/\$(\w+?)\$/g, (whole, code: string) => {
      const hex = /^u([0-9a-f]{1,5})$/.exec(code)?.[1];
      return escapes.get(code) ?? (hex === undefined ? whole : String.fromCodePoint(Number.parseInt(hex, 16)));
    })
    .replaceAll('..', '::');
}
