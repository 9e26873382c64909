import type { CfiReader } from './cfi-reader.ts';
import type { Cie, Fde } from './frame-entries.ts';
import {
  IN_REGISTER,
  IS_CFA_PLUS,
  IS_EXPRESSION,
  type RegisterRule,
  type Rule,
  SAVED_AT_CFA,
  SAVED_AT_EXPRESSION,
  SAVED_AT_REGISTER,
  UNDEFINED,
} from './rule.ts';

/** x86-64 has 17 that matter, aarch64 33; vector registers hold no addresses. */
export const REGISTERS = 35;
const UNTOUCHED = 0;
/** Instructions of one function; compilers write some thousands at most. */
const MOST_INSTRUCTIONS = 1 << 17;
const MOST_REMEMBERED = 256;

/** One row of the table that call frame instructions describe. */
class Row {
  cfaRegister = 0;
  cfaOffset = 0;
  cfaExpression: Uint8Array | undefined = undefined;
  readonly kinds = new Uint8Array(REGISTERS);
  readonly offsets = new Float64Array(REGISTERS);
  readonly expressions: (Uint8Array | undefined)[] = new Array(REGISTERS).fill(undefined);

  set(register: number, kind: number, offset: number, expression?: Uint8Array): void {
    if (register >= REGISTERS) return;
    this.kinds[register] = kind;
    this.offsets[register] = offset;
    this.expressions[register] = expression;
  }

  restore(register: number, from: Row): void {
    if (register >= REGISTERS) return;
    this.set(register, from.kinds[register]!, from.offsets[register]!, from.expressions[register]);
  }

  copyOf(from: Row): this {
    this.cfaRegister = from.cfaRegister;
    this.cfaOffset = from.cfaOffset;
    this.cfaExpression = from.cfaExpression;
    for (let register = 0; register < REGISTERS; register++) this.restore(register, from);
    return this;
  }
}

/** Executes call frame instructions (DWARF 5, 6.4.2). */
export class CfaProgram {
  /** Instructions executed so far; whoever opens hostile files can stop asking. */
  executed = 0;
  readonly #reader: CfiReader;

  constructor(reader: CfiReader) {
    this.#reader = reader;
  }

  /**
   * The rule that holds at an address of a function.
   * @param programCounter register number that is no register but the place of the return address (x86-64: 16)
   * @returns undefined when the instructions are broken or unknown
   */
  ruleAt({ cie, start, from, to }: Fde, address: number, programCounter: number): Rule | undefined {
    const initial = new Row();
    if (!this.#run(cie, cie.from, cie.to, initial, initial, 0, 0)) return undefined;
    const row = new Row().copyOf(initial);
    if (!this.#run(cie, from, to, row, initial, start, address)) return undefined;
    return compiled(row, cie, programCounter);
  }

  #run(cie: Cie, from: number, to: number, row: Row, initial: Row, start: number, address: number): boolean {
    const reader = this.#reader;
    const remembered: Row[] = [];
    let location = start;
    reader.seek(from, to);
    for (let count = 0; reader.position < reader.end && location <= address; count++) {
      if (count === MOST_INSTRUCTIONS) return false;
      this.executed++;
      const code = reader.u8();
      const operand = code & 0x3f;
      switch (code < 0x40 ? code : code & 0xc0) {
        case 0x40: // advance_loc
          location += operand * cie.codeAlign;
          break;
        case 0x80: // offset
          row.set(operand, SAVED_AT_CFA, reader.uleb() * cie.dataAlign);
          break;
        case 0xc0: // restore
          row.restore(operand, initial);
          break;
        case 0x01: // set_loc
          location = reader.pointer(cie.pointerEncoding);
          break;
        case 0x02: // advance_loc1
          location += reader.u8() * cie.codeAlign;
          break;
        case 0x03: // advance_loc2
          location += reader.u16() * cie.codeAlign;
          break;
        case 0x04: // advance_loc4
          location += reader.u32() * cie.codeAlign;
          break;
        case 0x1d: // MIPS_advance_loc8
          location += reader.u64() * cie.codeAlign;
          break;
        case 0x06: // restore_extended
          row.restore(reader.uleb(), initial);
          break;
        case 0x0a: // remember_state
          if (remembered.length === MOST_REMEMBERED) return false;
          remembered.push(new Row().copyOf(row));
          break;
        case 0x0b: {
          // restore_state
          const last = remembered.pop();
          if (last === undefined) return false;
          row.copyOf(last);
          break;
        }
        case 0x00: // nop
        case 0x2c: // AARCH64_negate_ra_state_with_pc
        case 0x2d: // AARCH64_negate_ra_state: signatures are cut off everywhere
          break;
        case 0x2e: // GNU_args_size: matters to landing pads only
          reader.uleb();
          break;
        default:
          if (!this.#define(code, cie, row)) return false;
      }
      if (reader.failed) return false;
    }
    return true;
  }

  /** Instructions that define the CFA or a register at length. @returns false for an unknown one */
  #define(code: number, cie: Cie, row: Row): boolean {
    const reader = this.#reader;
    switch (code) {
      case 0x0c: // def_cfa
        row.cfaRegister = reader.uleb();
        row.cfaOffset = reader.uleb();
        row.cfaExpression = undefined;
        return true;
      case 0x12: // def_cfa_sf
        row.cfaRegister = reader.uleb();
        row.cfaOffset = reader.sleb() * cie.dataAlign;
        row.cfaExpression = undefined;
        return true;
      case 0x0d: // def_cfa_register
        row.cfaRegister = reader.uleb();
        row.cfaExpression = undefined;
        return true;
      case 0x0e: // def_cfa_offset
        row.cfaOffset = reader.uleb();
        return true;
      case 0x13: // def_cfa_offset_sf
        row.cfaOffset = reader.sleb() * cie.dataAlign;
        return true;
      case 0x0f: // def_cfa_expression
        row.cfaExpression = this.#block();
        return true;
      case 0x05: // offset_extended
        row.set(reader.uleb(), SAVED_AT_CFA, reader.uleb() * cie.dataAlign);
        return true;
      case 0x11: // offset_extended_sf
        row.set(reader.uleb(), SAVED_AT_CFA, reader.sleb() * cie.dataAlign);
        return true;
      case 0x2f: // GNU_negative_offset_extended
        row.set(reader.uleb(), SAVED_AT_CFA, -reader.uleb() * cie.dataAlign);
        return true;
      case 0x14: // val_offset
        row.set(reader.uleb(), IS_CFA_PLUS, reader.uleb() * cie.dataAlign);
        return true;
      case 0x15: // val_offset_sf
        row.set(reader.uleb(), IS_CFA_PLUS, reader.sleb() * cie.dataAlign);
        return true;
      case 0x07: // undefined
        row.set(reader.uleb(), UNDEFINED, 0);
        return true;
      case 0x08: // same_value
        row.set(reader.uleb(), UNTOUCHED, 0);
        return true;
      case 0x09: // register
        row.set(reader.uleb(), IN_REGISTER, reader.uleb());
        return true;
      case 0x10: // expression
        row.set(reader.uleb(), SAVED_AT_EXPRESSION, 0, this.#block());
        return true;
      case 0x16: // val_expression
        row.set(reader.uleb(), IS_EXPRESSION, 0, this.#block());
        return true;
      default:
        return false;
    }
  }

  #block(): Uint8Array {
    const length = this.#reader.uleb();
    const from = this.#reader.skip(length);
    return this.#reader.bytes.subarray(from, this.#reader.failed ? from : from + length);
  }
}

function compiled(row: Row, cie: Cie, programCounter: number): Rule {
  const registers: RegisterRule[] = [];
  for (let register = 0; register < REGISTERS; register++) {
    const kind = row.kinds[register]!;
    if (kind === UNTOUCHED) continue;
    const expression = row.expressions[register];
    const short = kind === SAVED_AT_EXPRESSION && expression !== undefined ? plainBase(expression) : undefined;
    registers.push(
      short === undefined
        ? { register, kind, offset: row.offsets[register]!, base: 0, expression }
        : { register, kind: SAVED_AT_REGISTER, ...short, expression: undefined },
    );
  }
  const kind = row.kinds[cie.returnRegister];
  return {
    cfaRegister: row.cfaRegister,
    cfaOffset: row.cfaOffset,
    cfaExpression: row.cfaExpression,
    registers,
    returnRegister: cie.returnRegister,
    outermost: kind === UNDEFINED || (kind === UNTOUCHED && cie.returnRegister === programCounter),
    signal: cie.signal,
  };
}

/** Register and offset of an expression that is `DW_OP_bregN offset` and nothing else. */
function plainBase(expression: Uint8Array): { base: number; offset: number } | undefined {
  const base = (expression[0] ?? 0) - 0x70;
  if (base < 0 || base > 31) return undefined;
  let offset = 0;
  let scale = 1;
  for (let at = 1; at < expression.length && at < 6; at++) {
    const byte = expression[at]!;
    offset += (byte & 0x7f) * scale;
    scale *= 128;
    if (byte >= 0x80) continue;
    if (at !== expression.length - 1) return undefined;
    return { base, offset: byte >= 0x40 ? offset - scale : offset };
  }
  return undefined;
}
