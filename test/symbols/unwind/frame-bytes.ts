/** One function with its call frame instructions, as bytes. */
interface FunctionTable {
  readonly start: number;
  readonly size: number;
  readonly instructions: readonly number[];
}

/** What functions have in common. */
export interface FrameTable {
  /** Instructions that hold for all. */
  readonly initial: readonly number[];
  readonly returnRegister: number;
  readonly signal?: boolean;
  readonly functions: readonly FunctionTable[];
}

/** Where `elfWithFrames` puts its table, and where code may begin. */
const FRAMES_AT = 0x200;

const bytes32 = (value: number): number[] => [
  value & 255,
  (value >> 8) & 255,
  (value >> 16) & 255,
  (value >>> 24) & 255,
];
const bytes64 = (value: number): number[] => [...bytes32(value | 0), ...bytes32(Math.floor(value / 2 ** 32))];

/** An .eh_frame: augmentation zR(S), absolute addresses, code alignment 1, data alignment -8. */
export function frameBytes(tables: readonly FrameTable[]): Buffer {
  const out: number[] = [];
  const entry = (id: number, content: readonly number[]): number => {
    const at = out.length;
    const padded = [...content, ...new Array((8 - ((content.length + 8) % 8)) % 8).fill(0)];
    out.push(...bytes32(padded.length + 4), ...bytes32(id), ...padded);
    return at;
  };
  for (const { initial, returnRegister, signal, functions } of tables) {
    const augmentation = [...Buffer.from(signal ? 'zRS\0' : 'zR\0')];
    const cie = entry(0, [1, ...augmentation, 1, 0x78, returnRegister, 1, 0x04, ...initial]);
    for (const { start, size, instructions } of functions) {
      entry(out.length + 4 - cie, [...bytes64(start), ...bytes64(size), 0, ...instructions]);
    }
  }
  return Buffer.from([...out, 0, 0, 0, 0]);
}

/**
 * An ELF64 file with one segment (addresses are file offsets), an .eh_frame and some code.
 * @param code bytes by address, above 0x1000
 */
export function elfWithFrames(machine: number, frames: Buffer, code: ReadonlyMap<number, readonly number[]>): Buffer {
  const size = 0x10000;
  const file = Buffer.alloc(size);
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  file.writeUInt16LE(3, 16);
  file.writeUInt16LE(machine, 18);
  file.writeBigUInt64LE(64n, 32);
  file.writeBigUInt64LE(BigInt(size - 256), 40);
  [64, 56, 1, 64, 3, 2].forEach((value, index) => {
    file.writeUInt16LE(value, 52 + 2 * index);
  });
  file.writeUInt32LE(1, 64);
  file.writeUInt32LE(5, 68);
  file.writeBigUInt64LE(BigInt(size), 64 + 32);
  file.writeBigUInt64LE(BigInt(size), 64 + 40);
  frames.copy(file, FRAMES_AT);
  for (const [address, bytes] of code) file.set(bytes, address);
  const section = (index: number, name: number, type: number, offset: number, length: number): void => {
    const at = size - 256 + 64 * index;
    file.writeUInt32LE(name, at);
    file.writeUInt32LE(type, at + 4);
    file.writeBigUInt64LE(BigInt(offset), at + 16);
    file.writeBigUInt64LE(BigInt(offset), at + 24);
    file.writeBigUInt64LE(BigInt(length), at + 32);
  };
  const names = '\0.eh_frame\0.shstrtab\0';
  file.write(names, size - 512, 'latin1');
  section(1, 1, 1, FRAMES_AT, frames.length);
  section(2, 11, 3, size - 512, names.length);
  return file;
}
