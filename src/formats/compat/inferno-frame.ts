import type { DialectChoices } from '../format.ts';
import { infernoRustName } from './inferno-rust.ts';
import { trim, trimEnd, trimStart } from './rust-text.ts';

/** What a frame line adds to a stack. */
export interface InfernoFrame {
  /** Root first; none where the symbol starts with a bracket. */
  readonly names: readonly string[];
  /** `--skip-after` names it. */
  readonly last: boolean;
}

/**
 * A frame line as inferno-collapse-perf reads it: address, symbol, and the word behind the last blank as the module in
 * brackets. Undefined: no such line; so are all whose module holds a blank.
 * @param java the sample's command starts with `java`
 */
export function infernoFrame(line: string, java: boolean, choices: DialectChoices): InfernoFrame | undefined {
  const text = trimStart(line);
  const first = text.indexOf(' ');
  const last = text.lastIndexOf(' ');
  if (first < 0 || last <= first || text[last + 1] !== '(' || !text.endsWith(')')) return undefined;
  const address = trimEnd(text.slice(0, first));
  const module = text.slice(last + 2, -1);
  const symbol = withoutOffset(trim(text.slice(first + 1, last)) || ' ');
  if (symbol.startsWith('(')) return { names: [], last: false };
  const name = infernoRustName(symbol);
  const names = name.split('->').map((part, i) => {
    let func = withoutParameters(withModule(part, module, address, choices).replaceAll(';', ':'));
    if (java && func.startsWith('L') && func.includes('/')) func = func.slice(1);
    if (i > 0) return func.includes('_[i]') ? func : `${func}_[i]`;
    if (choices.kernel && isKernel(module)) return `${func}_[k]`;
    return choices.jit && isJit(module) && !func.includes('_[j]') ? `${func}_[j]` : func;
  });
  return { names, last: choices.skipAfter?.includes(name) === true };
}

/** Without `+0x1f` at the end; inferno also takes a bare `+0x`. */
function withoutOffset(symbol: string): string {
  const at = symbol.lastIndexOf('+0x');
  return at >= 0 && /^[0-9a-fA-F]*$/.test(symbol.slice(at + 3)) ? symbol.slice(0, at) : symbol;
}

function withModule(func: string, module: string, address: string, { addresses }: DialectChoices): string {
  if (func !== '[unknown]' || (module === '[unknown]' && !addresses)) return func;
  const name = module === '[unknown]' ? 'unknown' : module.slice(module.lastIndexOf('/') + 1);
  return addresses ? `[${name} <${address}>]` : `[${name}]`;
}

/** Up to the first `(` outside of brackets that opens neither Go's `.(*T)` nor a C++ anonymous namespace. */
function withoutParameters(func: string): string {
  if (!func.includes('(')) return func;
  let depth = 0;
  for (let i = 0; i < func.length; i++) {
    const char = func[i]!;
    if (char === '<' || char === '{' || char === '[') depth++;
    else if (char === '>' || char === '}' || char === ']' || char === ')') depth--;
    else if (char === '(') {
      if (depth === 0 && func[i - 1] !== '.' && !func.startsWith('(anonymous namespace)', i)) return func.slice(0, i);
      depth++;
    }
  }
  return func;
}

function isKernel(module: string): boolean {
  if (module === '[unknown]') return false;
  return module.startsWith('[') || module.endsWith('.ko') || isVmlinux(module);
}

function isVmlinux(module: string): boolean {
  const at = module.lastIndexOf('vmlinux');
  return at >= 0 && /^[\w.-]*$/.test(module.slice(at));
}

function isJit(module: string): boolean {
  return (
    (module.startsWith('/tmp/perf-') && module.endsWith('.map')) ||
    (module.includes('/jitted-') && module.endsWith('.so'))
  );
}
