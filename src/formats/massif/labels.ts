import type { FrameWords } from '../../profile/builder.ts';
import { BELOW_THRESHOLD } from '../../profile/heap-frames.ts';
import { nativeKind } from '../../profile/kind.ts';
import type { Kind } from '../../profile/profile.ts';
import { readableRustName } from '../frames/rust-names.ts';
import { splitModule, symbolFrames } from '../perf-script/frame-line.ts';
import { HASH_SEED, hashWord } from '../text/byte-keys.ts';
import { ByteTexts } from '../text/byte-texts.ts';
import { isPlumbing } from './plumbing.ts';
import type { MassifNode } from './scan.ts';

/** What the text of a tree's line says. */
export interface MassifLabel {
  readonly words: FrameWords;
  /** `0x10918E`; '' where the line has none. Functions that the compiler inlined share it with the one they are in. */
  readonly address: string;
  /** The line stands for callers that are too small to be named. */
  readonly below: boolean;
  /** Code of a container or allocator of a language's library: whoever called it is who wanted the memory. */
  readonly plumbing: boolean;
}

/** The texts of tree lines by number: each is decoded and understood once. */
export class MassifLabels {
  private readonly texts = new ByteTexts();
  private readonly labels: MassifLabel[] = [];
  private source: Buffer | undefined;
  private view: DataView = new DataView(new ArrayBuffer(0));

  /** The number of a node's text. */
  number({ text, from, to }: MassifNode): number {
    if (text !== this.source) {
      this.source = text;
      this.view = new DataView(text.buffer, text.byteOffset, text.length);
    }
    const start = from < to ? from + 1 : from;
    const hash = hashOf(this.view, start, to);
    const known = this.texts.find(hash, this.view, start, to);
    if (known >= 0) return known;
    this.labels.push(parseLabel(text.toString('utf8', start, to).trimEnd()));
    return this.texts.add(hash, text, start, to);
  }

  at(number: number): MassifLabel {
    return this.labels[number]!;
  }
}

function hashOf(view: DataView, from: number, to: number): number {
  let hash = HASH_SEED;
  let at = from;
  for (; at + 4 <= to; at += 4) hash = hashWord(hash, view.getInt32(at, true));
  for (; at < to; at++) hash = hashWord(hash, view.getInt8(at));
  return hash;
}

/** The top node's text in a report of valgrind's `--xtree-memory`: `curB : currently allocated Bytes`. */
const EVENT = /^(curBk?|totBk?|totFdBk?) : /;

/** What is counted, by the top node of a tree. */
export function eventOf(topText: string): { readonly type: string; readonly unit: string } | undefined {
  const event = EVENT.exec(topText)?.[1];
  if (event === undefined) return undefined;
  return { type: event, unit: event.endsWith('k') ? 'count' : 'bytes' };
}

/**
 * Reads `0xADDR: FUNC (FILE:LINE)` (dhat of Rust: `FILE:LINE:COLUMN`), `0xADDR: FUNC (in OBJECT)`, `0xADDR: ???` or `in 3 places, all below massif's
 * threshold (1.00%)` (coregrind/m_xtree.c; heaptrack_print writes the last one with another number).
 */
export function parseLabel(text: string): MassifLabel {
  if (/^in \d+ places?, (?:all )?below massif's threshold/.test(text)) {
    return { words: BELOW_THRESHOLD, address: '', below: true, plumbing: false };
  }
  const [start = '', address = ''] = /^(0x[0-9A-Fa-f]+): /.exec(text) ?? [];
  const { symbol, module: place } = splitModule(text.slice(start.length));
  const words = frameOf(symbol, place);
  return { words, address, below: false, plumbing: isPlumbing(words) };
}

function frameOf(symbol: string, place: string): FrameWords {
  const object = place.startsWith('in ') ? place.slice(3) : '';
  if (symbol === '???' || symbol === '') return symbolFrames('', object)[0]!;
  const [, file, line, column] = /^(.+?):(\d{1,9})(?::(\d{1,9}))?$/.exec(place) ?? [];
  const name = readableRustName(symbol);
  if (file !== undefined) {
    const at = column === undefined ? {} : { column: Number(column) };
    return { name, file, line: Number(line), ...at, kind: sourceKind(name, file) };
  }
  if (object === '') return { name: place === '' ? name : `${name} (${place})`, kind: 'unknown' };
  return { name, module: object, kind: nativeKind(name, object) };
}

/** Names of languages' libraries, and of what the C library keeps for itself. */
const LIBRARY = /^(?:<?&?(?:std|core|alloc|hashbrown|__gnu_cxx|__cxxabiv1)::|\(below main\)$|__|_IO_|_dl_|_nl_)/;

/** What a function is by its name and its source file. */
export function sourceKind(name: string, file: string): Kind {
  return LIBRARY.test(name) || /^(?:\/usr|\/rustc|library)\//.test(file) ? 'native' : 'app';
}
