/** Clones and copies that compilers make of a function: GCC, Clang (LTO, PGO), and perf's and gdb's way to write them. */
const CLONE =
  /(?:\.(?:cold|hot|unlikely|part|constprop|isra|ipa-\w+|lto_priv|llvm|localalias|warm|__uniq|clone)(?:\.\d+)*)+$/;
const CLONE_WORDS = /(?: \[(?:clone )?\.[\w.-]+\])+/g;
/** Rust's legacy mangling ends names with a hash of the crate, which any build changes. */
const RUST_HASH = /::h[0-9a-f]{16}(?=$|[\s.<([{])/g;
/** Tiers: V8's marks before a name, those of its log behind a kind of code. */
const TIER = /^((?:JS|Script|Eval|Function|LazyCompile|RegExp):)?[*~^+]+(?=\S)/;
const ADDRESS = /\b0x[0-9a-f]+\b/gi;
const BARE_ADDRESS = /(?<=[\s[+<@])[0-9a-f]{8,16}(?=$|[\s\]>])/g;
const OFFSET = /\+0x[0-9a-f]+(?:\/0x[0-9a-f]+)?/gi;
/** `libc-2.31.so`, `libc.so.6`, `libstdc++.so.6.0.30` are one library. */
const LIBRARY = /((?:^|[\s[/(])lib[\w+]*(?:[-.][a-zA-Z][\w+]*)*?)-?\d*(?:\.\d+)*\.so(?:\.\d+)*/g;
const PLACE = /(\.[a-zA-Z]\w{0,3}):\d+(?::\d+)?(?=$|[\s)\]])/g;

/** Only names that hold one of these can be changed by what follows. */
const MAY_CHANGE = /[.:*~^+]|0x|[0-9a-f]{8}|\[/i;

/**
 * A function's name as it is in every build of a program: without what compilers, linkers and just-in-time compilers
 * add anew each time (hashes, addresses, offsets, tiers, line numbers, clones, versions of libraries). What tells
 * functions of one build apart stays: `{closure}`, `{lambda#1}`, parameters, template arguments.
 *
 *     core::fmt::write::h0123456789abcdef   core::fmt::write
 *     parse.part.0.cold                     parse
 *     LazyCompile:*work /app/a.js:1:2       LazyCompile:work /app/a.js
 *     [libc-2.31.so]                        [libc.so]
 *     [unknown 0x7f12]                      [unknown 0x...]
 */
export function matchedName(name: string): string {
  if (!MAY_CHANGE.test(name)) return name;
  return name
    .replace(TIER, '$1')
    .replace(CLONE_WORDS, '')
    .replace(RUST_HASH, '')
    .replace(CLONE, '')
    .replace(OFFSET, '')
    .replace(ADDRESS, '0x...')
    .replace(BARE_ADDRESS, '0x...')
    .replace(LIBRARY, '$1.so')
    .replace(PLACE, '$1');
}
