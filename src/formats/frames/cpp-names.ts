/**
 * A C++ name without its parameters, as inferno's collapser cuts it: at the first `(` outside of `<>`, `{}` and `[]`
 * that does not open `(anonymous namespace)` or Go's `pkg.(*T)`, and is not the call operator's own name.
 *
 *     std::map<int, void (*)(int)>::operator[](int const&)      std::map<int, void (*)(int)>::operator[]
 *     main::{lambda(int)#1}::operator()(int) const              main::{lambda(int)#1}::operator()
 *     (anonymous namespace)::f(int)                             (anonymous namespace)::f
 *
 * Where a `<`, `{` or `[` does not close, what follows it stays. What follows the parameters (`const`,
 * `[clone .cold]`) goes with them. Linear in the length of the name.
 */
export function withoutParameters(name: string): string {
  if (!name.includes('(')) return name;
  let depth = 0;
  for (let i = 0; i < name.length; i++) {
    const char = name[i]!;
    if (char === 'o' && depth === 0) {
      const end = operatorEnd(name, i);
      if (end > i) {
        i = end - 1;
        continue;
      }
    }
    if (char === '<' || char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']' || (char === '>' && name[i - 1] !== '-')) {
      if (depth > 0) depth--;
    } else if (char === '(' && depth === 0) {
      if (name.startsWith('(anonymous', i)) {
        const end = name.indexOf(')', i);
        if (end < 0) return name;
        i = end;
      } else if (name[i - 1] === '.' && /^\([^()]*\)\./.test(name.slice(i, i + 1024))) {
        i = name.indexOf(')', i);
      } else if (/\bdecltype ?$/.test(name.slice(Math.max(0, i - 10), i))) {
        i = closing(name, i);
      } else {
        return i === 0 ? name : name.slice(0, i).trimEnd();
      }
    }
  }
  return name;
}

const operatorName = /^operator(?:\(\)|<<=?|>>=?|<=>|<=?|>=?|->\*?|\[\])/;

/** Where an operator's name ends, whose characters are no brackets; `start` where no operator's name starts. */
function operatorEnd(name: string, start: number): number {
  if (start > 0 && /\w/.test(name[start - 1]!)) return start;
  return start + (operatorName.exec(name.slice(start, start + 12))?.[0].length ?? 0);
}

/** The `)` of the `(` at `open`; the last character where it does not close. */
function closing(name: string, open: number): number {
  let depth = 0;
  for (let i = open; i < name.length; i++) {
    if (name[i] === '(') depth++;
    else if (name[i] === ')' && --depth === 0) return i;
  }
  return name.length - 1;
}
