import { firstFrom } from '../bisect.ts';
import { type DebugData, IN_A_ROW } from './debug-data.ts';
import { DwarfError } from './dwarf-error.ts';
import type { LineHeader } from './line-header.ts';
import type { SectionReader } from './section-reader.ts';

/** The line of each of some addresses. */
export interface AddressLines {
  /** Numbers of files in the unit; -1 = not known. */
  readonly file: Int32Array;
  /** 0 = of no line. */
  readonly line: Int32Array;
}

/** DW_LNS_* */
const STANDARD = {
  extended: 0,
  copy: 1,
  advanceAddress: 2,
  advanceLine: 3,
  setFile: 4,
  constantAddress: 8,
  fixedAdvanceAddress: 9,
} as const;
/** DW_LNE_* */
const END_SEQUENCE = 1;
const SET_ADDRESS = 2;

/**
 * Runs a line program (DWARF 5, 6.2.5) from front to back, once for all addresses that are asked for. Of several sequences
 * that hold an address the one that begins closest before it counts: linkers leave those of code that they dropped at 0.
 * @param addresses ascending
 * @throws {DwarfError} it is broken
 */
export function linesOf(data: DebugData, header: LineHeader, addresses: Float64Array): AddressLines {
  const rows = new AskedRows(addresses);
  data.effort.spend(header.end - header.program);
  const reader = data.reader('line', IN_A_ROW);
  reader.seek(header.program);
  const { instructionLength, lineBase, lineRange, operands } = header;
  const opcodeBase = operands.length;
  const constantAdvance = Math.floor((255 - opcodeBase) / lineRange) * instructionLength;
  let address = 0;
  let file = 1;
  let line = 1;
  while (reader.position < header.end) {
    const opcode = reader.u8();
    if (opcode >= opcodeBase) {
      const special = opcode - opcodeBase;
      address += Math.floor(special / lineRange) * instructionLength;
      line += lineBase + (special % lineRange);
      rows.row(address, file, line);
      continue;
    }
    switch (opcode) {
      case STANDARD.copy:
        rows.row(address, file, line);
        break;
      case STANDARD.advanceAddress:
        address += reader.uleb() * instructionLength;
        break;
      case STANDARD.advanceLine:
        line += reader.sleb();
        break;
      case STANDARD.setFile:
        file = reader.uleb();
        break;
      case STANDARD.constantAddress:
        address += constantAdvance;
        break;
      case STANDARD.fixedAdvanceAddress:
        address += reader.u16();
        break;
      case STANDARD.extended: {
        const length = reader.uleb();
        const next = reader.position + length;
        const extended = length > 0 ? reader.u8() : 0;
        if (extended === SET_ADDRESS) address = addressOf(reader, length - 1);
        else if (extended === END_SEQUENCE) {
          rows.end(address);
          address = 0;
          file = 1;
          line = 1;
        }
        reader.seek(next);
        break;
      }
      default:
        for (let left = operands[opcode]!; left > 0; left--) reader.uleb();
    }
  }
  return rows;
}

function addressOf(reader: SectionReader, size: number): number {
  if (size !== 4 && size !== 8) throw new DwarfError(`an address of ${size} bytes`);
  return reader.uint(size);
}

/** Keeps of the rows of a line program those that hold addresses that are asked for. */
class AskedRows implements AddressLines {
  readonly file: Int32Array;
  readonly line: Int32Array;
  private readonly addresses: Float64Array;
  /** Where the sequence began that gave an address its line. */
  private readonly begin: Float64Array;
  private start = 0;
  private open = false;
  private lastAddress = 0;
  private lastFile = 0;
  private lastLine = 0;
  /** The first asked address at or behind the last row, and its index. */
  private index = 0;
  private next = 0;

  constructor(addresses: Float64Array) {
    this.addresses = addresses;
    this.file = new Int32Array(addresses.length).fill(-1);
    this.line = new Int32Array(addresses.length);
    this.begin = new Float64Array(addresses.length).fill(Number.NEGATIVE_INFINITY);
  }

  row(address: number, file: number, line: number): void {
    if (!this.open) {
      this.open = true;
      this.start = address;
      this.find(address);
    } else if (address < this.lastAddress) this.find(address);
    else if (address > this.next) this.take(address);
    this.lastAddress = address;
    this.lastFile = file;
    this.lastLine = line;
  }

  end(address: number): void {
    if (this.open && address > this.next) this.take(address);
    this.open = false;
  }

  private find(address: number): void {
    this.index = firstFrom(this.addresses, address);
    this.next = this.addresses[this.index] ?? Number.POSITIVE_INFINITY;
  }

  /** The last row reaches up to `end`. */
  private take(end: number): void {
    let { index } = this;
    for (; index < this.addresses.length && this.addresses[index]! < end; index++) {
      if (this.begin[index]! >= this.start) continue;
      this.begin[index] = this.start;
      this.file[index] = this.lastFile;
      this.line[index] = this.lastLine;
    }
    this.index = index;
    this.next = this.addresses[index] ?? Number.POSITIVE_INFINITY;
  }
}
