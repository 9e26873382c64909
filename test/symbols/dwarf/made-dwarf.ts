/** How the numbers of a made file are written. */
export interface Shape {
  readonly littleEndian: boolean;
  readonly is64: boolean;
  /** Of DWARF: 2 to 5. */
  readonly version: number;
  /** Of 64-bit DWARF 8, else 4. */
  readonly offsetSize: number;
}

/** Puts numbers together in either byte order. */
export class Bytes {
  readonly list: number[] = [];
  private readonly little: boolean;

  constructor({ littleEndian }: Pick<Shape, 'littleEndian'>) {
    this.little = littleEndian;
  }

  /** @param size in bytes */
  uint(value: number, size: number): this {
    const bytes = Array.from({ length: size }, (_, i) => Math.floor(value / 256 ** i) % 256);
    this.list.push(...(this.little ? bytes : bytes.reverse()));
    return this;
  }

  u8(...values: readonly number[]): this {
    this.list.push(...values.map((value) => value & 0xff));
    return this;
  }

  uleb(value: number): this {
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) this.u8((rest % 128) | 128);
    return this.u8(rest);
  }

  text(text: string): this {
    return this.u8(...Buffer.from(text), 0);
  }

  /** What has its own length in front. */
  sized(offsetSize: number, content: Bytes): this {
    if (offsetSize === 8) this.uint(0xffffffff, 4);
    this.uint(content.list.length, offsetSize);
    for (const byte of content.list) this.list.push(byte);
    return this;
  }

  get buffer(): Buffer {
    return Buffer.from(this.list);
  }
}

/** An ELF file of nothing but sections (System V gABI, chapter 4). */
export function elfOfSections(
  shape: Pick<Shape, 'littleEndian' | 'is64'>,
  sections: ReadonlyMap<string, Buffer>,
): Buffer {
  const { littleEndian, is64 } = shape;
  const word = is64 ? 8 : 4;
  const names = ['', ...sections.keys(), '.shstrtab'];
  const strings = Buffer.from(names.map((name) => `${name}\0`).join(''));
  const contents = [...sections.values(), strings];
  const headerSize = is64 ? 64 : 52;
  const table = new Bytes(shape);
  for (let i = 0; i < (is64 ? 64 : 40); i++) table.u8(0);
  let offset = headerSize;
  contents.forEach((content, i) => {
    const nameAt = names.slice(0, i + 1).join('\0').length + 1;
    table
      .uint(nameAt, 4)
      .uint(i === contents.length - 1 ? 3 : 1, 4)
      .uint(0, word)
      .uint(0, word);
    table.uint(offset, word).uint(content.length, word).uint(0, 4).uint(0, 4).uint(1, word).uint(0, word);
    offset += content.length;
  });
  const header = new Bytes(shape)
    .u8(0x7f, 0x45, 0x4c, 0x46, is64 ? 2 : 1, littleEndian ? 1 : 2, 1, ...new Array(9).fill(0))
    .uint(2, 2)
    .uint(0, 2)
    .uint(1, 4)
    .uint(0, word)
    .uint(0, word)
    .uint(offset, word)
    .uint(0, 4);
  for (const value of [headerSize, 0, 0, is64 ? 64 : 40, names.length, names.length - 1]) header.uint(value, 2);
  return Buffer.concat([header.buffer, ...contents, table.buffer]);
}

/** The abbreviations of {@link infoOf}: of a unit, a function, an inlined one, an abstract one, a block. */
export function abbreviations(shape: Shape): Bytes {
  const [unit, fun, inlined, abstract, block] = [0x11, 0x2e, 0x1d, 0x2e, 0x0b];
  const reference = [0x31, 0x13] as const;
  const code = [0x11, 0x01, 0x12, shape.version >= 4 ? 0x06 : 0x01] as const;
  const call = [0x58, 0x0b, 0x59, 0x0b] as const;
  const place = [0x10, shape.version >= 4 ? 0x17 : shape.offsetSize === 8 ? 0x07 : 0x06] as const;
  const bytes = new Bytes(shape);
  [
    [unit, 1, 0x1b, 0x08, ...place, ...code],
    [fun, 1, 0x03, 0x08, ...code],
    [inlined, 1, ...reference, ...code, ...call],
    [abstract, 0, 0x03, 0x08],
    [block, 1],
    [abstract, 0, ...reference],
  ].forEach((abbreviation, i) => {
    bytes.u8(i + 1, ...abbreviation, 0, 0);
  });
  return bytes.u8(0);
}

/** Where {@link infoOf} puts code, and how much. */
export const CODE = { start: 0x1000, size: 0x100, inlinedAt: 0x1010, inlinedSize: 0x20 };

/**
 * A unit with the function `outer` into which another was inlined, in line 7 of `dir/file.c`.
 * @param inside entries within the inlined function
 * @param origins entries behind it; the first is the inlined function's origin
 */
export function infoOf(
  shape: Shape,
  { inside = (_: Bytes) => {}, origins = (bytes: Bytes, _place: number) => void bytes.u8(4).text('inner') } = {},
): Bytes {
  const { version, offsetSize, is64 } = shape;
  const word = is64 ? 8 : 4;
  const body = new Bytes(shape).uint(version, 2);
  if (version >= 5) body.u8(1, word).uint(0, offsetSize);
  else body.uint(0, offsetSize).u8(word);
  const lengthSize = offsetSize === 8 ? 12 : 4;
  const code = (start: number, size: number): Bytes =>
    version >= 4 ? body.uint(start, word).uint(size, 4) : body.uint(start, word).uint(start + size, word);
  body.u8(1).text('/work').uint(0, offsetSize);
  code(CODE.start, CODE.size);
  body.u8(2).text('outer');
  code(CODE.start, CODE.size);
  body.u8(3);
  const referenceAt = body.list.length;
  body.uint(0, 4);
  code(CODE.inlinedAt, CODE.inlinedSize).u8(1, 7);
  inside(body);
  body.u8(0, 0);
  const place = body.list.length + lengthSize;
  body.list.splice(referenceAt, 4, ...new Bytes(shape).uint(place, 4).list);
  origins(body, place);
  body.u8(0);
  return new Bytes(shape).sized(offsetSize, body);
}

/** A line program: each 16 bytes of {@link CODE} are a line, from 1 on. */
export function linesOf(shape: Shape): Bytes {
  const { version, offsetSize, is64 } = shape;
  const head = new Bytes(shape).u8(1);
  if (version >= 4) head.u8(1);
  head.u8(1, 0, 1, 10, 0, 1, 1, 1, 1, 0, 0, 0, 1);
  if (version >= 5) {
    head.u8(1, 1, 0x08).uleb(2).text('/work').text('dir');
    head.u8(2, 1, 0x08, 2, 0x0b).uleb(2).text('file.c').u8(1).text('file.c').u8(1);
  } else head.text('dir').u8(0).text('file.c').u8(1, 0, 0, 0);
  const program = new Bytes(shape).u8(0, is64 ? 9 : 5, 2).uint(CODE.start, is64 ? 8 : 4);
  for (let at = 0; at < CODE.size; at += 16) program.u8(1, 2, 16, 3, 1);
  program.u8(0, 1, 1);
  const body = new Bytes(shape).uint(version, 2);
  if (version >= 5) body.u8(is64 ? 8 : 4, 0);
  body.uint(head.list.length, offsetSize).u8(...head.list, ...program.list);
  return new Bytes(shape).sized(offsetSize, body);
}
