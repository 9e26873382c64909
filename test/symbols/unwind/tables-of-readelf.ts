import type { Rule } from '../../../src/symbols/unwind/rule.ts';
import {
  IN_REGISTER,
  IS_CFA_PLUS,
  IS_EXPRESSION,
  SAVED_AT_CFA,
  SAVED_AT_EXPRESSION,
  SAVED_AT_REGISTER,
} from '../../../src/symbols/unwind/rule.ts';

/** x86-64 registers as readelf names them, by DWARF number. */
const NAMES = 'rax rdx rcx rbx rsi rdi rbp rsp r8 r9 r10 r11 r12 r13 r14 r15 ra'.split(' ');

/** A row of an unwind table: where it begins to hold, and its cells by column. */
export interface TableRow {
  readonly address: number;
  readonly cells: ReadonlyMap<string, string>;
}

/** The rows of all functions in what `readelf --debug-dump=frames-interp` prints; of one address the last row. */
export function tableRows(text: string): TableRow[] {
  const rows = new Map<number, TableRow>();
  let columns: string[] = [];
  let range: [number, number] = [0, 0];
  for (const line of text.split('\n')) {
    const entry = /^[0-9a-f]{8,16} [0-9a-f]+ [0-9a-f]+ (CIE|FDE)(?:.* pc=([0-9a-f]+)\.\.([0-9a-f]+))?/.exec(line);
    if (entry) range = [Number.parseInt(entry[2] ?? '0', 16), Number.parseInt(entry[3] ?? '0', 16)];
    const words = line.trim().split(/\s+/);
    if (words[0] === 'LOC') columns = words;
    if (!/^[0-9a-f]{16} /.test(line) || words.length !== columns.length) continue;
    const address = Number.parseInt(words[0]!, 16);
    if (address < range[0] || address >= range[1]) continue;
    rows.set(address, { address, cells: new Map(columns.slice(1).map((name, index) => [name, words[index + 1]!])) });
  }
  return [...rows.values()];
}

/** A rule in readelf's words, for the columns that it prints. */
export function cellsOf(rule: Rule, columns: Iterable<string>): Map<string, string> {
  const cells = new Map<string, string>();
  for (const name of columns) cells.set(name, 'u');
  const offset = (value: number): string => (value < 0 ? `${value}` : `+${value}`);
  cells.set('CFA', rule.cfaExpression ? 'exp' : `${NAMES[rule.cfaRegister]}${offset(rule.cfaOffset)}`);
  for (const one of rule.registers) {
    const words = new Map([
      [SAVED_AT_CFA, `c${offset(one.offset)}`],
      [IS_CFA_PLUS, `v${offset(one.offset)}`],
      [IN_REGISTER, NAMES[one.offset] ?? '?'],
      [SAVED_AT_EXPRESSION, 'exp'],
      [SAVED_AT_REGISTER, 'exp'],
      [IS_EXPRESSION, 'vexp'],
    ]);
    cells.set(NAMES[one.register]!, words.get(one.kind) ?? 'u');
  }
  return cells;
}
