import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { isGzip } from './input/gunzip.ts';

/** Of `struct perf_event_attr` and the header of perf.data (kernel tree: tools/perf/Documentation/perf.data-file-format.txt). */
const HEAD_BYTES = 4096;
const ATTRIBUTES_AT = 24;
const SAMPLE_TYPE_AT = 24;
const STACK_USER = 1 << 13;
/** A sample takes a tenth of the bytes that it has as text, and about as much work. */
const WEIGHT_OF_BINARY = 8;
/** Of a copied stack little more is looked at than where the frames lie, a word or two in each. */
const SHARE_OF_STACKS = 1 / 80;

export interface Glance {
  /** How much work it is: the bytes of text that would take as much. Those of a recording by perf count more, copied stacks less. */
  readonly bytes: number;
  readonly gzip: boolean;
}

/**
 * What a file is by a look at its first bytes.
 * @returns undefined for what is no file that can be opened
 */
export function glanceAt(path: string): Glance | undefined {
  let file: number | undefined;
  try {
    // A named pipe would wait for whoever writes
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const state = fstatSync(file);
    if (!state.isFile()) return undefined;
    const head = Buffer.alloc(HEAD_BYTES);
    readSync(file, head, 0, HEAD_BYTES, 0);
    return { bytes: state.size * weightOf(head), gzip: isGzip(head) };
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function weightOf(head: Buffer): number {
  if (!/^(?:PERFILE2|2ELIFREP)$/.test(head.toString('latin1', 0, 8))) return 1;
  return copiesStacks(head) ? WEIGHT_OF_BINARY * SHARE_OF_STACKS : WEIGHT_OF_BINARY;
}

/** Those of the other byte order, or written to a pipe, are taken for others: it is no more than a guess. */
function copiesStacks(head: Buffer): boolean {
  if (head[0] !== 0x50 || head.readUInt32LE(ATTRIBUTES_AT + 4) !== 0) return false;
  const at = head.readUInt32LE(ATTRIBUTES_AT) + SAMPLE_TYPE_AT;
  return at + 4 <= head.length && (head.readUInt32LE(at) & STACK_USER) !== 0;
}
