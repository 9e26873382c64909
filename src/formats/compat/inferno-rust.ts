import { RUST_ESCAPES } from '../frames/rust-names.ts';

/** What inferno knows beside the words: of the characters that are given by number, these. */
const escapes: ReadonlyMap<string, string> = new Map([
  ...RUST_ESCAPES,
  ['u7e', '~'],
  ['u20', ' '],
  ['u27', "'"],
  ['u3d', '='],
  ['u5b', '['],
  ['u5d', ']'],
  ['u7b', '{'],
  ['u7d', '}'],
  ['u3b', ';'],
  ['u2b', '+'],
  ['u21', '!'],
  ['u22', '"'],
]);

/**
 * A Rust name as inferno repairs it: one that ends in `h` and 16 hex digits loses them, `..` becomes `::`, and `$LT$`
 * and its like are written out up to the first that inferno does not know. Others stay. ({@link readableRustName} is
 * what we make of them otherwise: all escapes, no `_` before them.)
 */
export function infernoRustName(symbol: string): string {
  if (!/h[0-9a-fA-F]{16}$/.test(symbol)) return symbol;
  const rest = symbol
    .slice(0, -17)
    .replace(/::$/, '')
    .replace(/^_(?=\$)/, '');
  let name = '';
  for (let at = 0; at < rest.length; ) {
    if (rest[at] === '.') {
      const pair = rest[at + 1] === '.';
      name += pair ? '::' : '.';
      at += pair ? 2 : 1;
    } else if (rest[at] === '$') {
      const end = rest.indexOf('$', at + 1);
      const character = end < 0 ? undefined : escapes.get(rest.slice(at + 1, end));
      if (character === undefined) return name + rest.slice(at);
      name += character;
      at = end + 1;
    } else {
      const start = at;
      while (at < rest.length && rest[at] !== '.' && rest[at] !== '$') at++;
      name += rest.slice(start, at);
    }
  }
  return name;
}
