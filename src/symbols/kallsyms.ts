import { closeSync, openSync, readSync, statSync } from 'node:fs';

/** A kernel of a distribution has 10 to 20 MB of them. */
const MAX_BYTES = 1 << 28;
const FIRST_BYTES = 6 << 20;
/** The kernel's longest is 512 (KSYM_NAME_LEN). */
const MAX_LINE = 1024;

/**
 * Reads a list of the kernel's symbols whole: /proc/kallsyms, whose size is not known before, or perf's copy of one. To
 * read it costs the kernel some 40 ms.
 * @returns undefined when it cannot be read
 */
export function readKallsyms(path: string): Buffer | undefined {
  let file: number | undefined;
  try {
    if (!statSync(path).isFile()) return undefined;
    file = openSync(path, 'r');
    let bytes = Buffer.allocUnsafe(FIRST_BYTES);
    let filled = 0;
    for (;;) {
      const count = readSync(file, bytes, filled, bytes.length - filled, null);
      if (count === 0) return bytes.subarray(0, filled);
      filled += count;
      if (filled < bytes.length) continue;
      if (filled >= MAX_BYTES) return undefined;
      bytes = Buffer.concat([bytes], 2 * bytes.length);
    }
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

const NEWLINE = 10;
const SPACE = 0x20;
const TAB = 9;

/** One symbol of the list, as bytes. */
export interface KallsymsLine {
  readonly address: number;
  /** T, t, W, ... as nm(1) has them. */
  readonly type: string;
  readonly name: string;
  /** `[ext4]`; '' for the kernel itself. */
  readonly module: string;
}

/** The line that begins at a byte: `ffffffff81000000 T _text`, of a module with a tab and `[module]` behind. */
export function lineAt(bytes: Buffer, start: number): KallsymsLine | undefined {
  const end = endOfLine(bytes, start);
  const line = bytes.subarray(start, end);
  const nameAt = line.indexOf(SPACE) + 3;
  if (nameAt < 3 || nameAt >= line.length || line.length > MAX_LINE) return undefined;
  const tab = line.indexOf(TAB, nameAt);
  return {
    address: addressAt(bytes, start),
    type: String.fromCharCode(line[nameAt - 2]!),
    name: line.toString('latin1', nameAt, tab === -1 ? line.length : tab),
    module: tab === -1 ? '' : line.toString('latin1', tab + 1),
  };
}

/** The address at the start of a line; the upper half of 64 bits is negative: `(hi - 2^32) * 2^32 + lo`. */
export function addressAt(bytes: Buffer, start: number): number {
  let high = 0;
  let low = 0;
  for (let at = start, end = start + 16; at < end; at++) {
    const byte = bytes[at] ?? SPACE;
    const digit = byte <= 57 ? byte - 48 : (byte | 32) - 87;
    if (digit < 0 || digit > 15) break;
    high = (high << 4) | (low >>> 28);
    low = (low << 4) | digit;
  }
  return (high | 0) * 0x100000000 + (low >>> 0);
}

export function endOfLine(bytes: Buffer, at: number): number {
  const end = bytes.indexOf(NEWLINE, at);
  return end === -1 ? bytes.length : end;
}

export function startOfLine(bytes: Buffer, at: number): number {
  return at === 0 ? 0 : bytes.lastIndexOf(NEWLINE, at - 1) + 1;
}

/** The symbol of the kernel itself with the last address that is not above one. */
export function coreSymbol(core: Buffer, address: number): KallsymsLine | undefined {
  let low = 0;
  let high = core.length;
  // Addresses of per-CPU variables come first and are small; as those of the upper half are negative, they count as less.
  const isAfter = (at: number): boolean => {
    const found = addressAt(core, at);
    return found < 0 && found > address;
  };
  while (low < high) {
    const at = startOfLine(core, (low + high) >>> 1);
    if (isAfter(at)) high = at;
    else low = endOfLine(core, at) + 1;
  }
  // `low` is the start of the first line after the address. Of several names of one address perf takes the last.
  for (let end = low; end > 0; ) {
    const start = startOfLine(core, end - 1);
    const line = lineAt(core, start);
    if (line === undefined || line.address >= 0) return undefined;
    if (isCode(line)) return line;
    end = start;
  }
  return undefined;
}

/** perf takes what nm(1) calls T, W, D, B, also in small. */
export const isCode = ({ type, name }: KallsymsLine): boolean => /[TWDB]/i.test(type) && !name.startsWith('$');
