import type { DialectChoices } from '../format.ts';
import { isBlank } from './perl-header.ts';

/** A frame line in its parts. */
export interface PerlFrameLine {
  readonly address: string;
  /** The symbol with its offset. */
  readonly symbol: string;
  readonly module: string;
}

function isWord(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95;
}

/**
 * `/^\s*(\w+)\s*(.+) \((.*)\)/`, in time linear in the line: the module starts behind the last ` (` that a `)` follows
 * and ends before the last `)`. Undefined: no such line.
 */
export function perlFrameLine(line: string): PerlFrameLine | undefined {
  let start = 0;
  while (start < line.length && isBlank(line.charCodeAt(start))) start++;
  let end = start;
  while (end < line.length && isWord(line.charCodeAt(end))) end++;
  if (end === start) return undefined;
  const close = line.lastIndexOf(')');
  const open = close < 2 ? -1 : line.lastIndexOf(' (', close - 2);
  if (open < 0) return undefined;
  let symbol = end;
  while (symbol < line.length && isBlank(line.charCodeAt(symbol))) symbol++;
  if (symbol >= open) {
    // The symbol needs one character: it takes the blank before, or the address's last
    symbol = open - 1;
    if (symbol < end) end = symbol;
    if (end <= start) return undefined;
  }
  return { address: line.slice(start, end), symbol: line.slice(symbol, open), module: line.slice(open + 2, close) };
}

/**
 * The names that a frame line adds to a stack, root first; none where the symbol starts with a bracket.
 * @param java the sample's command starts with `java`
 */
export function perlNames(frame: PerlFrameLine, java: boolean, choices: DialectChoices): string[] {
  const { address, module } = frame;
  const symbol = withoutOffset(frame.symbol);
  if (symbol.startsWith('(')) return [];
  const parts = symbol.split('->');
  // Perl's split drops empty texts at the end
  while (parts.at(-1) === '') parts.pop();
  return parts.map((part, i) => {
    let name = tidied(part === '[unknown]' ? unknownName(module, address, choices) : part);
    if (java && name.startsWith('L') && name.includes('/')) name = name.slice(1);
    if (i > 0) return name.includes('_[i]') ? name : `${name}_[i]`;
    if (choices.kernel && /^\[|vmlinux$/.test(module) && !module.includes('unknown')) return `${name}_[k]`;
    if (choices.jit && /\/tmp\/perf-\d+\.map/.test(module) && !name.includes('_[j]')) return `${name}_[j]`;
    return name;
  });
}

/** Without `+0x1f` at the end. */
function withoutOffset(symbol: string): string {
  let at = symbol.length;
  while (at > 0 && /[\da-f]/.test(symbol[at - 1]!)) at--;
  return at < symbol.length && symbol.endsWith('+0x', at) ? symbol.slice(0, at - 3) : symbol;
}

function unknownName(module: string, address: string, { addresses }: DialectChoices): string {
  const name = module === '[unknown]' ? 'unknown' : module.slice(module.lastIndexOf('/') + 1);
  return addresses ? `[${name} <${address}>]` : `[${name}]`;
}

/** Without `;`, quotes and, unless it looks like Go's `(*T)`, all from the first bracket on. */
function tidied(raw: string): string {
  let name = raw.includes(';') ? raw.replaceAll(';', ':') : raw;
  if (name.includes('(') && !isGoMethod(name)) {
    let open = name.indexOf('(');
    while (open >= 0 && name.startsWith('(anonymous namespace)', open)) open = name.indexOf('(', open + 1);
    if (open >= 0) name = name.slice(0, open);
  }
  return /["']/.test(name) ? name.replace(/["']/g, '') : name;
}

/** `.(` and, somewhere behind it, `).`. */
function isGoMethod(name: string): boolean {
  const open = name.indexOf('.(');
  return open >= 0 && name.lastIndexOf(').') >= open + 2;
}
