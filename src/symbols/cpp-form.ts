/** Literals that libiberty writes with a suffix, by the type that cpp_demangle writes in front of them. */
const SUFFIXES: ReadonlyMap<string, string> = new Map([
  ['unsigned int', 'u'],
  ['long', 'l'],
  ['unsigned long', 'ul'],
  ['long long', 'll'],
  ['unsigned long long', 'ull'],
]);

/** The abbreviations that cpp_demangle writes out, of std::istream and std::iostream (Itanium C++ ABI, 5.1.10). */
const STREAMS: readonly (readonly [RegExp, string, string])[] = [
  [/^_ZNK?Si/, 'std::basic_istream<char, std::char_traits<char> >', 'std::istream'],
  [/^_ZNK?Sd/, 'std::basic_iostream<char, std::char_traits<char> >', 'std::iostream'],
];

const TAG = /B(\d{1,3})/g;
const MARK = '__abi_tag__';

/**
 * Prepares a mangled name for cpp_demangle, which leaves ABI tags out: `3fooB5cxx11` becomes a longer name that
 * {@link perfForm} knows again.
 */
export function withAbiTags(mangled: string): string {
  if (!/B\d/.test(mangled)) return mangled;
  let made = '';
  let from = 0;
  for (const found of mangled.matchAll(TAG)) {
    const at = found.index;
    const length = Number(found[1]);
    const tagAt = at + found[0].length;
    if (at < from || tagAt + length > mangled.length) continue;
    const name = sourceNameBefore(mangled, from, at);
    if (name === undefined) continue;
    const tagged = `${mangled.slice(name.at, at)}${MARK}${mangled.slice(tagAt, tagAt + length)}${MARK}`;
    made += `${mangled.slice(from, name.start)}${tagged.length}${tagged}`;
    from = tagAt + length;
  }
  return made + mangled.slice(from);
}

/** The `<length><name>` that ends at a place. */
function sourceNameBefore(mangled: string, from: number, end: number): { start: number; at: number } | undefined {
  for (const { 0: digits, index } of mangled.slice(from, end).matchAll(/\d{1,4}/g)) {
    const at = from + index + digits.length;
    for (let skip = 0; skip < digits.length; skip++) {
      if (at + Number(digits.slice(skip)) === end) return { start: at - digits.length + skip, at };
    }
  }
  return undefined;
}

/**
 * Brings a C++ name from the form of cpp_demangle to the one of `perf script` (libiberty's, as `c++filt --no-params
 * --no-verbose` prints it): without parameters and marks of clones, with `64ul` for `(unsigned long)64`.
 */
export function perfForm(name: string, mangled: string): string {
  let form = name.replace(/(?: \[clone [^\]]*\])+$/, '');
  const special = specialName(form);
  form = special ?? form;
  if (form.includes(MARK)) form = withTags(form);
  form = spacedFunctionTypes(form)
    .replace(
      /\((unsigned int|(?:unsigned )?long(?: long)?)\)(-?\d+)/g,
      (_, type: string, value: string) => value + SUFFIXES.get(type),
    )
    .replaceAll(', >', '>')
    .replaceAll('_GLOBAL__N_1', '(anonymous namespace)')
    .replaceAll('std::nullptr_t', 'decltype(nullptr)');
  for (const [start, long, short] of STREAMS) {
    if (start.test(mangled) && form.startsWith(`${long}::`) && !/[CD]\dE/.test(mangled))
      form = short + form.slice(long.length);
  }
  return special === undefined && !form.startsWith('transaction clone') ? withoutParameters(form) : form;
}

function withTags(name: string): string {
  // Constructors and destructors are called as their class without its tag.
  return name
    .replace(new RegExp(`${MARK}(.*?)${MARK}`, 'g'), '[abi:$1]')
    .replace(/(\w+)(\[abi:\w+\])::(~?)\1\2(?=\(|$)/, '$1$2::$3$1');
}

/** `a<b>(c)` as the argument of a template is a type of functions: `a<b> (c)`. */
function spacedFunctionTypes(name: string): string {
  if (!name.includes('>(')) return name;
  const open: number[] = [];
  const spaces: number[] = [];
  for (let at = 0; at < name.length; at++) {
    if (name[at] === '(') open.push(at);
    if (name[at] !== ')') continue;
    const start = open.pop();
    if (start !== undefined && name[start - 1] === '>' && /[,>)]/.test(name[at + 1] ?? '')) spaces.push(start);
  }
  let spaced = '';
  let from = 0;
  for (const at of spaces.sort((one, other) => one - other)) {
    spaced += `${name.slice(from, at)} `;
    from = at;
  }
  return spaced + name.slice(from);
}

/** What is no function, and the small functions that compilers make to reach another. */
function specialName(name: string): string | undefined {
  const [, kind, of] = /^\{(vtable|vtt|virtual override thunk)\((.*)\)\}$/s.exec(name) ?? [];
  if (kind === undefined) return undefined;
  if (kind === 'vtable') return `vtable for ${of}`;
  if (kind === 'vtt') return `VTT for ${of}`;
  const thunk = /^\{(virtual )?offset\([^)]*\)\}, (.*)$/s.exec(of!);
  return thunk === null ? undefined : `${thunk[1] ?? 'non-virtual '}thunk to ${thunk[2]}`;
}

/** `a::f<b (c)>(d) const` -> `a::f<b (c)>`. */
function withoutParameters(name: string): string {
  const end = /\)(?: const| volatile| ?&&?)*$/.exec(name)?.index;
  if (end === undefined) return name;
  let depth = 0;
  for (let at = end; at > 0; at--) {
    if (name[at] === ')') depth++;
    else if (name[at] === '(' && --depth === 0) return name.slice(0, at).trimEnd();
  }
  return name;
}
