/** A symbol of a file made by {@link smallElf}; types and bindings as in the System V gABI, chapter 4. */
export interface SmallSymbol {
  readonly name: string;
  /** Counted from the start of the code. */
  readonly at: number;
  readonly size: number;
  /** 0 = label, 1 = data, 2 = function. */
  readonly type?: number;
  /** 0 = local, 1 = global, 2 = weak. */
  readonly bind?: number;
}

export interface SmallElf {
  readonly is64: boolean;
  readonly littleEndian: boolean;
  readonly machine: number;
  /** Of the code in memory. */
  readonly address: number;
  readonly codeSize: number;
  readonly symbols: readonly SmallSymbol[];
}

/** Where the code begins in the file. */
export const CODE_AT = 0x200;

/** Makes a program of one segment with a symbol table: what no compiler of this machine makes, of any class and byte order. */
export function smallElf({ is64, littleEndian, machine, address, codeSize, symbols }: SmallElf): Buffer {
  const parts: Buffer[] = [];
  const numbers = (...fields: readonly (readonly [size: number, value: number])[]): Buffer => {
    const bytes = Buffer.alloc(fields.reduce((sum, [size]) => sum + size, 0));
    let at = 0;
    for (const [size, value] of fields) {
      const low = littleEndian ? at : at + size - Math.min(size, 4);
      const write = { 1: 'writeUInt8', 2: littleEndian ? 'writeUInt16LE' : 'writeUInt16BE' }[size as 1 | 2];
      if (write === undefined) littleEndian ? bytes.writeUInt32LE(value, low) : bytes.writeUInt32BE(value, low);
      else bytes[write as 'writeUInt8'](value, low);
      at += size;
    }
    return bytes;
  };
  const word = is64 ? 8 : 4;
  const texts = (names: readonly string[]): Buffer => Buffer.from(names.map((name) => `${name}\0`).join(''));
  const placeOf = (names: readonly string[], name: string): number =>
    names.slice(0, names.indexOf(name)).reduce((sum, one) => sum + one.length + 1, 0);
  const names = ['', ...symbols.map(({ name }) => name)];
  const sectionNames = ['', '.text', '.symtab', '.strtab', '.shstrtab'];
  const entries = symbols.map(({ name, at, size, type = 2, bind = 1 }) => {
    const info = [
      [1, bind * 16 + type],
      [1, 0],
      [2, 1],
    ] as const;
    const where = [
      [word, address + at],
      [word, size],
    ] as const;
    return is64
      ? numbers([4, placeOf(names, name)], ...info, ...where)
      : numbers([4, placeOf(names, name)], ...where, ...info);
  });
  const symbolSize = is64 ? 24 : 16;
  const contents = [
    { type: 1, bytes: Buffer.alloc(codeSize, 0x90), link: 0, entry: 0, address },
    { type: 2, bytes: Buffer.concat([Buffer.alloc(symbolSize), ...entries]), link: 3, entry: symbolSize, address: 0 },
    { type: 3, bytes: texts(names), link: 0, entry: 0, address: 0 },
    { type: 3, bytes: texts(sectionNames), link: 0, entry: 0, address: 0 },
  ];
  let end = CODE_AT;
  const headers: Buffer[] = [Buffer.alloc(is64 ? 64 : 40)];
  for (const [i, { type, bytes, link, entry, address: at }] of contents.entries()) {
    const name = placeOf(sectionNames, sectionNames[i + 1]!);
    headers.push(
      numbers(
        [4, name],
        [4, type],
        [word, 6],
        [word, at],
        [word, end],
        [word, bytes.length],
        [4, link],
        [4, 0],
        [word, 8],
        [word, entry],
      ),
    );
    parts.push(bytes);
    end += bytes.length;
  }
  const ident = Buffer.from([0x7f, 0x45, 0x4c, 0x46, is64 ? 2 : 1, littleEndian ? 1 : 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  const [headerSize, segmentSize, sectionSize] = is64 ? [64, 56, 64] : [52, 32, 40];
  const header = numbers(
    [2, 2],
    [2, machine],
    [4, 1],
    [word, address],
    [word, headerSize!],
    [word, end],
    [4, 0],
    [2, headerSize!],
    [2, segmentSize!],
    [2, 1],
    [2, sectionSize!],
    [2, headers.length],
    [2, 4],
  );
  const extent = [
    [word, CODE_AT],
    [word, address],
    [word, address],
    [word, codeSize],
    [word, codeSize],
  ] as const;
  const segment = is64
    ? numbers([4, 1], [4, 5], ...extent, [word, 4096])
    : numbers([4, 1], ...extent, [4, 5], [word, 4096]);
  const front = Buffer.concat([ident, header, segment]);
  return Buffer.concat([front, Buffer.alloc(CODE_AT - front.length), ...parts, ...headers]);
}
