/** Clones and copies that compilers make of a function: GCC's, Clang's (LTO, PGO); before an annotation such as `_[k]`. */
const CLONE =
  /(?:\.(?:cold|hot|unlikely|warm|part|constprop|isra|ipa-\w+|lto_priv|llvm|localalias|__uniq|clone)(?:\.\d+)*)+(?=$|_\[)/g;
/** The same as demanglers write it. */
const CLONE_WORDS = / \[(?:clone )?\.[\w.-]+\]/g;
/** Rust's first mangling ends names with a hash of the crate, which any build changes. */
const RUST_HASH = /::h[0-9a-f]{16}(?=$|[\s.<([{_])/g;
/** How V8's log and perf map call code, with its tier. */
const V8_CODE = /^(?:JS|LazyCompile|Function):[*~^+]*(?=[^:])/;
/** Tiers before the name alone: `~` is a destructor's in C++, so they are only taken for tiers of scripts. */
const V8_TIER = /^[*~^+]+(?=\S)/;
const SCRIPT = /\.[mc]?[jt]sx?$|^node:/;
const ADDRESS = /\b0x[0-9a-f]+\b/gi;
const BARE_ADDRESS = /(?<=[\s[+<@])[0-9a-f]{8,16}(?=$|[\s\]>])/g;
const OFFSET = /\+0x[0-9a-f]+(?:\/0x[0-9a-f]+)?/gi;
/** `libc-2.31.so`, `libc.so.6`, `libstdc++.so.6.0.30`: versions of one library. */
const LIBRARY = /((?:^|[\s[/(])lib[\w+]*(?:[-.][a-zA-Z][\w+]*)*?)-?\d*(?:\.\d+)*\.so(?:\.\d+)*/g;
/** A line in a source file. */
const PLACE = /(\.[a-zA-Z]\w{0,3}):\d+(?::\d+)?(?=$|[\s)\]])/g;
/** Java numbers the classes that it makes of lambdas as they come. */
const JAVA_LAMBDA = /(\$\$Lambda)\$\d+/g;

/** Only names that hold one of these can be changed by what follows. */
const MAY_CHANGE = /[.:*~^+$[]|0x|[0-9a-f]{8}/i;

/**
 * A function's name as it is in every build of a program: without what compilers, linkers and just-in-time compilers
 * add anew each time (hashes, addresses, offsets, tiers, line numbers, clones, versions of libraries). What tells
 * functions of one build apart stays: `{closure}`, `{lambda#1}`, parameters, template arguments.
 *
 *     core::fmt::write::h0123456789abcdef   core::fmt::write
 *     parse.part.0.cold                     parse
 *     LazyCompile:*work                     work
 *     [libc-2.31.so]                        [libc.so]
 *     [unknown 0x7f12]                      [unknown 0x...]
 *
 * @param file where the function is defined, '' = unknown
 */
export function matchedName(name: string, file = ''): string {
  if (!MAY_CHANGE.test(name)) return name;
  const plain = SCRIPT.test(file) ? name.replace(V8_TIER, '') : name;
  return plain
    .replace(V8_CODE, '')
    .replace(CLONE_WORDS, '')
    .replace(RUST_HASH, '')
    .replace(CLONE, '')
    .replace(OFFSET, '')
    .replace(ADDRESS, '0x...')
    .replace(BARE_ADDRESS, '0x...')
    .replace(LIBRARY, '$1.so')
    .replace(JAVA_LAMBDA, '$1')
    .replace(PLACE, '$1');
}
