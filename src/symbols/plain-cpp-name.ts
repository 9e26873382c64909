/**
 * A piece of a list of types that is no name (Itanium C++ ABI, 5.1.5): qualifiers and what opens a list, types of one letter
 * or two, substitutions, numbers as arguments, sizes of arrays.
 */
const PIECE = /[KOPRVrNIJFM]|[a-fh-jl-oq-tv-z]|D[a-dhinsu]|S[0-9A-Z]*_|S[abdiost]|L[a-z]n?\d+E|A\d*_|E/y;
/** Behind these a type must follow. */
const UNFINISHED = /^[KOPRVrNFMA]/;
/** Longer ones are left to who counts what they cost. */
const MOST = 4096;
const RUST_HASH = /^h[0-9a-f]{16}$/;

/**
 * The name of a function of C++ that is made of nothing but names: no templates, operators, lambdas, ABI tags, marks of
 * clones. Most are so; the demangler, which knows all, has to be compiled first, and takes longer.
 * @returns in the form of `perf script`; undefined where it is not as plain, or is none
 */
export function plainCppName(mangled: string): string | undefined {
  if (!mangled.startsWith('_Z') || mangled.length > MOST) return undefined;
  const words = new Words(mangled, 2);
  const name = words.isNext('N') ? words.nested() : words.source();
  return name !== undefined && !words.isNext('I') && words.areTypes() ? name : undefined;
}

class Words {
  private readonly text: string;
  private at: number;

  constructor(text: string, at: number) {
    this.text = text;
    this.at = at;
  }

  isNext(start: string): boolean {
    return this.text.startsWith(start, this.at);
  }

  /** `3foo`. */
  source(): string | undefined {
    const { text } = this;
    let at = this.at;
    let length = 0;
    for (let digit = text.charCodeAt(at) - 48; digit >= 0 && digit <= 9; digit = text.charCodeAt(++at) - 48) {
      length = length * 10 + digit;
    }
    const end = at + length;
    if (length === 0 || length > 4096 || end > text.length) return undefined;
    const name = text.slice(at, end);
    if (/\W/.test(name) || /^\d/.test(name)) return undefined;
    this.at = end;
    return name.startsWith('_GLOBAL__N_') ? '(anonymous namespace)' : name;
  }

  /** `N3foo3barE`. */
  nested(): string | undefined {
    this.at++;
    while (/[KVORr]/.test(this.text[this.at] ?? '')) this.at++;
    const names: string[] = [];
    if (this.isNext('St')) {
      this.at += 2;
      names.push('std');
    }
    while (!this.isNext('E')) {
      const name = this.constructorOf(names.at(-1)) ?? this.source();
      if (name === undefined) return undefined;
      names.push(name);
    }
    this.at++;
    return names.length < 2 || RUST_HASH.test(names.at(-1)!) ? undefined : names.join('::');
  }

  /** `C1`, `D0` as the last name. */
  private constructorOf(name: string | undefined): string | undefined {
    const { text, at } = this;
    if (name === undefined || !/^[CD][0-5]E/.test(text.slice(at, at + 3))) return undefined;
    this.at += 2;
    return text[at] === 'D' ? `~${name}` : name;
  }

  /** Whether nothing but types follows, at least one; they are not looked at closely, since nobody sees them. */
  areTypes(): boolean {
    const { text } = this;
    let open = 0;
    let last = 'K';
    while (this.at < text.length) {
      PIECE.lastIndex = this.at;
      const piece = PIECE.exec(text)?.[0];
      if (piece === undefined) {
        if (this.source() === undefined) return false;
        last = '';
        continue;
      }
      this.at += piece.length;
      if (/^[NIJF]$/.test(piece)) open++;
      if (piece === 'E' && --open < 0) return false;
      last = piece;
    }
    return open === 0 && !UNFINISHED.test(last);
  }
}
