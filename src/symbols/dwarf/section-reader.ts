import { sleb128, uleb128 } from '../leb128.ts';
import { DwarfError } from './dwarf-error.ts';
import type { Section } from './section.ts';

const TWO_32 = 2 ** 32;

/**
 * Reads the numbers of a section one after another, of either byte order, through a window that is filled as it is needed.
 * Behind the end of the section every read throws a {@link DwarfError}.
 */
export class SectionReader {
  readonly size: number;
  private readonly section: Section;
  private readonly little: boolean;
  private readonly room: Buffer | undefined;
  private held: Buffer;
  /** Where in the section the first held byte stands. */
  private heldAt = 0;
  /** Counted from the first held byte; may be anywhere. */
  private at = 0;

  /** @param span how many bytes are read at once: few, where one jumps from one place to the next */
  constructor(section: Section, little: boolean, span: number) {
    this.section = section;
    this.size = section.size;
    this.little = little;
    this.held = section.bytes ?? Buffer.alloc(0);
    this.room =
      section.bytes === undefined ? Buffer.allocUnsafe(Math.max(16, Math.min(span, section.size))) : undefined;
  }

  get position(): number {
    return this.heldAt + this.at;
  }

  seek(position: number): void {
    this.at = position - this.heldAt;
  }

  skip(count: number): void {
    this.at += count;
  }

  u8(): number {
    if (!(this.at >= 0 && this.at < this.held.length)) this.hold(1);
    return this.held[this.at++]!;
  }

  u16(): number {
    const at = this.take(2);
    return this.little ? this.held.readUInt16LE(at) : this.held.readUInt16BE(at);
  }

  u24(): number {
    const at = this.take(3);
    return this.little ? this.held.readUIntLE(at, 3) : this.held.readUIntBE(at, 3);
  }

  u32(): number {
    const at = this.take(4);
    return this.little ? this.held.readUInt32LE(at) : this.held.readUInt32BE(at);
  }

  /** Exact below 2^53; numbers of the upper half of 64 bits are negative: less 2^64. */
  u64(): number {
    const at = this.take(8);
    return this.little
      ? this.held.readInt32LE(at + 4) * TWO_32 + this.held.readUInt32LE(at)
      : this.held.readInt32BE(at) * TWO_32 + this.held.readUInt32BE(at + 4);
  }

  /** A number of 1, 2, 4 or 8 bytes. @throws {DwarfError} of another size */
  uint(size: number): number {
    switch (size) {
      case 1:
        return this.u8();
      case 2:
        return this.u16();
      case 4:
        return this.u32();
      case 8:
        return this.u64();
      default:
        throw new DwarfError(`numbers of ${size} bytes`);
    }
  }

  uleb(): number {
    return ended(uleb128(this));
  }

  sleb(): number {
    return ended(sleb128(this));
  }

  /** Goes behind a text, which a zero byte ends. */
  skipText(): void {
    for (;;) {
      if (!(this.at >= 0 && this.at < this.held.length)) this.hold(1);
      const end = this.held.indexOf(0, this.at);
      this.at = end === -1 ? this.held.length : end + 1;
      if (end !== -1) return;
    }
  }

  /** A text up to a zero byte. */
  text(): string {
    const from = this.position;
    this.skipText();
    return this.section.read(from, this.position - 1 - from).toString('utf8');
  }

  private take(count: number): number {
    if (!(this.at >= 0 && this.at + count <= this.held.length)) this.hold(count);
    const { at } = this;
    this.at = at + count;
    return at;
  }

  private hold(count: number): void {
    const { position } = this;
    if (!(position >= 0 && position + count <= this.size) || this.room === undefined) {
      throw new DwarfError('it ends in the middle');
    }
    this.held = this.section.read(position, this.room.length, this.room);
    this.heldAt = position;
    this.at = 0;
    if (this.held.length < count) throw new DwarfError('it ends in the middle');
  }
}

function ended(value: number): number {
  if (Number.isNaN(value)) throw new DwarfError('a number without end');
  return value;
}
