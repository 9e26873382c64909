import { CfiReader } from './cfi-reader.ts';
import type { Cie, Fde } from './frame-entries.ts';
import { REGISTERS } from './registers.ts';
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

const UNTOUCHED = 0;
/** Instructions of one function; compilers write some thousands at most. */
const MOST_INSTRUCTIONS = 1 << 17;
const MOST_REMEMBERED = 256;

/** One row of the table that call frame instructions describe; used again and again. */
class Row {
  cfaRegister = 0;
  cfaOffset = 0;
  /** Where the expression that gives the CFA begins; -1 = there is none. */
  cfaBlock = -1;
  cfaBlockSize = 0;
  readonly kinds = new Uint8Array(REGISTERS);
  /** Also: where an expression begins. */
  readonly offsets = new Float64Array(REGISTERS);
  readonly blockSizes = new Uint32Array(REGISTERS);

  clear(): this {
    this.cfaRegister = 0;
    this.cfaOffset = 0;
    this.cfaBlock = -1;
    this.kinds.fill(UNTOUCHED);
    return this;
  }

  setCfa(register: number, offset: number): void {
    this.cfaRegister = register;
    this.cfaOffset = offset;
    this.cfaBlock = -1;
  }

  set(register: number, kind: number, offset: number, blockSize = 0): void {
    if (register >= REGISTERS) return;
    this.kinds[register] = kind;
    this.offsets[register] = offset;
    this.blockSizes[register] = blockSize;
  }

  restore(register: number, from: Row): void {
    if (register >= REGISTERS) return;
    this.set(register, from.kinds[register]!, from.offsets[register]!, from.blockSizes[register]!);
  }

  copyOf(from: Row): this {
    this.cfaRegister = from.cfaRegister;
    this.cfaOffset = from.cfaOffset;
    this.cfaBlock = from.cfaBlock;
    this.cfaBlockSize = from.cfaBlockSize;
    this.kinds.set(from.kinds);
    this.offsets.set(from.offsets);
    this.blockSizes.set(from.blockSizes);
    return this;
  }
}

/** Executes call frame instructions (DWARF 5, 6.4.2). */
export class CfaProgram {
  /** Instructions executed so far; whoever opens hostile files can stop asking. */
  executed = 0;
  readonly #reader: CfiReader;
  /** As the instructions of a CIE leave it: functions of one CIE follow each other. */
  readonly #initial = new Row();
  #initialOf: Cie | undefined;
  readonly #row = new Row();
  readonly #remembered: Row[] = [];

  constructor(reader: CfiReader) {
    this.#reader = reader;
  }

  /**
   * The rule that holds at an address of a function.
   * @param programCounter register number that is no register but the place of the return address (x86-64: 16)
   * @returns undefined when the instructions are broken or unknown
   */
  ruleAt({ cie, start, from, to }: Fde, address: number, programCounter: number): Rule | undefined {
    if (cie !== this.#initialOf) {
      this.#initialOf = undefined;
      if (!this.#run(cie, cie.from, cie.to, this.#initial.clear(), 0, 0)) return undefined;
      this.#initialOf = cie;
    }
    const row = this.#row.copyOf(this.#initial);
    if (!this.#run(cie, from, to, row, start, address)) return undefined;
    return compiled(row, cie, this.#reader.bytes, programCounter);
  }

  #run(cie: Cie, from: number, to: number, row: Row, start: number, address: number): boolean {
    const reader = this.#reader;
    let depth = 0;
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
          row.restore(operand, this.#initial);
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
          row.restore(reader.uleb(), this.#initial);
          break;
        case 0x0a: // remember_state
          if (depth === MOST_REMEMBERED) return false;
          this.#remembered[depth] ??= new Row();
          this.#remembered[depth++]!.copyOf(row);
          break;
        case 0x0b: // restore_state
          if (depth === 0) return false;
          row.copyOf(this.#remembered[--depth]!);
          break;
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
        row.setCfa(reader.uleb(), reader.uleb());
        return true;
      case 0x12: // def_cfa_sf
        row.setCfa(reader.uleb(), reader.sleb() * cie.dataAlign);
        return true;
      case 0x0d: // def_cfa_register
        row.setCfa(reader.uleb(), row.cfaOffset);
        return true;
      case 0x0e: // def_cfa_offset
        row.cfaOffset = reader.uleb();
        return true;
      case 0x13: // def_cfa_offset_sf
        row.cfaOffset = reader.sleb() * cie.dataAlign;
        return true;
      case 0x0f: // def_cfa_expression
        row.cfaBlockSize = reader.uleb();
        row.cfaBlock = reader.skip(row.cfaBlockSize);
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
        this.#setBlock(row, SAVED_AT_EXPRESSION);
        return true;
      case 0x16: // val_expression
        this.#setBlock(row, IS_EXPRESSION);
        return true;
      default:
        return false;
    }
  }

  #setBlock(row: Row, kind: number): void {
    const register = this.#reader.uleb();
    const size = this.#reader.uleb();
    row.set(register, kind, this.#reader.skip(size), size);
  }
}

function compiled(row: Row, cie: Cie, bytes: Uint8Array, programCounter: number): Rule {
  const registers: RegisterRule[] = [];
  for (let register = 0; register < REGISTERS; register++) {
    const kind = row.kinds[register]!;
    if (kind === UNTOUCHED) continue;
    const offset = smallInteger(row.offsets[register]!);
    if (kind !== SAVED_AT_EXPRESSION && kind !== IS_EXPRESSION) {
      registers.push({ register, kind, offset, base: 0, expression: undefined });
      continue;
    }
    const expression = block(bytes, offset, row.blockSizes[register]!);
    const plain = kind === SAVED_AT_EXPRESSION ? plainBase(expression) : undefined;
    registers.push(
      plain === undefined
        ? { register, kind, offset: 0, base: 0, expression }
        : { register, kind: SAVED_AT_REGISTER, ...plain, expression: undefined },
    );
  }
  const kind = row.kinds[cie.returnRegister];
  return {
    cfaRegister: row.cfaRegister,
    cfaOffset: row.cfaOffset,
    cfaExpression: row.cfaBlock < 0 ? undefined : block(bytes, row.cfaBlock, row.cfaBlockSize),
    registers,
    plain: registers.every(({ kind }) => kind === SAVED_AT_CFA),
    returnRegister: cie.returnRegister,
    outermost: kind === UNDEFINED || (kind === UNTOUCHED && cie.returnRegister === programCounter),
    signal: cie.signal,
  };
}

/** A number out of a column of doubles: what is added to it on each step would be a new object, if it stayed one. */
function smallInteger(value: number): number {
  const integer = value | 0;
  return integer === value ? integer : value;
}

function block(bytes: Uint8Array, from: number, size: number): CfiReader {
  return new CfiReader(bytes.subarray(from, from + size), 0, 0);
}

/** Register and offset of an expression that is `DW_OP_bregN offset` and nothing else. */
function plainBase(expression: CfiReader): { base: number; offset: number } | undefined {
  const base = expression.u8() - 0x70;
  const offset = expression.sleb();
  if (expression.failed || expression.position !== expression.end || base < 0 || base > 31) return undefined;
  return { base, offset };
}
