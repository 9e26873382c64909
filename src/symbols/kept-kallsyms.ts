import { closeSync, readSync } from 'node:fs';
import { keep, openKept } from '../cache-folder.ts';
import { addressAt, coreSymbol, endOfLine, type KallsymsLine, startOfLine } from './kallsyms.ts';

/**
 * A copy of the kernel's own part of /proc/kallsyms, which takes the kernel 25 ms or more to write out each time. It is the
 * same at every start of that kernel but for the place that it is put at. A head of text, pairs of numbers (the address
 * of a line, where it stands), the lines.
 */
const HEAD_BYTES = 128;
/** Bytes of lines between two pairs: what is read for one address, twice. */
const STEP = 4096;

interface Index {
  /** Address and place of every so many lines, ascending. */
  readonly pairs: Float64Array;
  readonly count: number;
  readonly linesAt: number;
  /** Of `_text`. */
  readonly text: number;
}

/**
 * @param path of the copy
 * @param buildId of the kernel
 * @param addresses negative, ascending
 * @param reference where `_text` was when the addresses were recorded
 * @returns undefined where the copy is not there, of another kernel, broken, or does not tell of each address; `shift` is
 * how far the copy's kernel was put from there
 */
export function keptSymbols(
  path: string,
  buildId: string,
  addresses: Float64Array,
  reference: { readonly name: string; readonly address: number } | undefined,
): { readonly found: readonly KallsymsLine[]; readonly shift: number } | undefined {
  if (buildId === '' || reference?.name !== '_text' || reference.address >= 0) return undefined;
  const kept = openKept(path);
  if (kept === undefined) return undefined;
  try {
    const index = readIndex(kept.file, kept.size, buildId);
    if (index === undefined) return undefined;
    const shift = index.text - reference.address;
    const found: KallsymsLine[] = [];
    const lines = new Lines(kept.file, index);
    for (const address of addresses) {
      const line = lines.symbol(address + shift);
      if (line === undefined) return undefined;
      found.push(line);
    }
    return { found, shift };
  } catch {
    return undefined;
  } finally {
    closeSync(kept.file);
  }
}

/** Whether the copy is that of a kernel: to write it again would change nothing. @param length of its lines, in bytes */
export function isKept(path: string, buildId: string, length: number): boolean {
  const kept = openKept(path);
  if (kept === undefined) return false;
  try {
    const index = readIndex(kept.file, kept.size, buildId);
    return index !== undefined && kept.size - index.linesAt === length;
  } catch {
    return false;
  } finally {
    closeSync(kept.file);
  }
}

/** @param core the lines of the kernel itself, ascending; before `_text` stand those of each processor's variables */
export function keepSymbols(path: string, buildId: string, core: Buffer): void {
  const textAt = startOfLine(core, Math.max(0, core.indexOf(' _text\n')));
  const text = addressAt(core, textAt);
  if (buildId === '' || text >= 0) return;
  const pairs = [text, textAt];
  const last = startOfLine(core, core.length - 1);
  for (let at = 0; at < last; at = endOfLine(core, Math.min(at + STEP, last - 1)) + 1) {
    if (at > textAt) pairs.push(addressAt(core, at), at);
  }
  pairs.push(addressAt(core, last), last);
  const head = `kernel symbols 1 ${buildId} ${text} ${pairs.length / 2} ${core.length} `;
  if (head.length <= HEAD_BYTES)
    keep(path, [Buffer.from(head.padEnd(HEAD_BYTES)), bytesOf(Float64Array.from(pairs)), core]);
}

function readIndex(file: number, size: number, buildId: string): Index | undefined {
  const head = Buffer.alloc(HEAD_BYTES);
  readSync(file, head, 0, HEAD_BYTES, 0);
  const words = head.toString('latin1').split(' ');
  const [text, count, length] = words.slice(4, 7).map(Number) as [number, number, number];
  const linesAt = HEAD_BYTES + count * 16;
  if (words.slice(0, 4).join(' ') !== `kernel symbols 1 ${buildId}` || linesAt + length !== size) return undefined;
  const pairs = new Float64Array(count * 2);
  readSync(file, bytesOf(pairs), 0, count * 16, HEAD_BYTES);
  return { pairs, count, linesAt, text };
}

class Lines {
  private readonly file: number;
  private readonly index: Index;
  private readonly room = Buffer.alloc(4 * STEP);
  private bytes = this.room.subarray(0, 0);
  /** Between which pairs `bytes` stand; addresses ascend, and many are between the same. */
  private pair = -1;

  constructor(file: number, index: Index) {
    this.file = file;
    this.index = index;
  }

  /** The symbol at an address, where lines on both sides of it are known: undefined else. */
  symbol(address: number): KallsymsLine | undefined {
    const { pairs, count } = this.index;
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (pairs[middle * 2]! <= address) low = middle + 1;
      else high = middle;
    }
    if (low === 0 || low === count) return undefined;
    if (low !== this.pair) this.read(low);
    return coreSymbol(this.bytes, address);
  }

  /** Two steps of lines, the pair behind which is the first after an address: a symbol may stand before the last pair. */
  private read(pair: number): void {
    const { pairs, linesAt } = this.index;
    const from = pairs[Math.max(0, pair - 2) * 2 + 1]!;
    const length = Math.min(pairs[pair * 2 + 1]! - from, this.room.length);
    this.bytes = this.room.subarray(0, readSync(this.file, this.room, 0, length, linesAt + from));
    this.pair = pair;
  }
}

function bytesOf({ buffer }: Float64Array): Uint8Array {
  return new Uint8Array(buffer);
}
