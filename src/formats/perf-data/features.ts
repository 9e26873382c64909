import type { Events } from './events.ts';
import type { Facts } from './facts.ts';
import type { Section } from './header.ts';
import type { Losses } from './losses.ts';
import { RECORD_HEADER } from './record-types.ts';
import type { Region } from './region.ts';
import { hexAt, textAt, unsigned64, type Words, wordsOf } from './words.ts';

/** Numbers of the feature sections that are read (tools/perf/util/header.h). */
const FEATURE = {
  buildIds: 2,
  hostname: 3,
  osRelease: 4,
  version: 5,
  arch: 6,
  processors: 7,
  commandLine: 11,
  eventDescriptions: 12,
  sampleTime: 21,
  clockData: 29,
} as const;

const WANTED = new Set<number>(Object.values(FEATURE));

const HAS_BUILD_ID_SIZE = 1 << 15;
const BUILD_ID_BYTES = 20;

/**
 * Reads the feature sections; their table stands directly behind the records.
 * @param region may end anywhere: what is not there is noted
 */
export function readFeatures(
  numbers: readonly number[],
  tableAt: number,
  region: Region,
  { facts, events, losses }: { readonly facts: Facts; readonly events: Events; readonly losses: Losses },
): void {
  const little = facts.littleEndian;
  const { bytes, view } = wordsOf(region.read(tableAt, 16 * numbers.length));
  let missing = 0;
  numbers.forEach((number, i) => {
    if (!WANTED.has(number)) return;
    if (16 * (i + 1) > bytes.length) {
      missing++;
      return;
    }
    const section: Section = {
      offset: unsigned64(view, 16 * i, little),
      size: unsigned64(view, 16 * i + 8, little),
    };
    const content = region.read(section.offset, section.size);
    if (content.length < section.size || !readFeature(number, wordsOf(content), facts, events)) missing++;
  });
  if (missing > 0) losses.add(`parts of the file that describe the recording and are missing or broken: ${missing}`);
}

/**
 * One section, or the content of a record of the kind HEADER_FEATURE.
 * @returns false: it ends too early
 */
export function readFeature(number: number, words: Words, facts: Facts, events: Events): boolean {
  const parts = new Parts(words, facts.littleEndian);
  switch (number) {
    case FEATURE.buildIds:
      return readBuildIds(words, facts);
    case FEATURE.hostname:
      facts.host = parts.text();
      break;
    case FEATURE.osRelease:
      facts.osRelease = parts.text();
      break;
    case FEATURE.version:
      facts.perfVersion = parts.text();
      break;
    case FEATURE.arch:
      facts.arch = parts.text();
      break;
    case FEATURE.processors:
      // Those that there can be, then those that were on
      parts.half();
      facts.cpus = parts.half();
      break;
    case FEATURE.commandLine: {
      const words: string[] = [];
      for (let left = parts.half(); left > 0 && !parts.short; left--) words.push(parts.text());
      if (!parts.short) facts.cmdline = words;
      break;
    }
    case FEATURE.eventDescriptions: {
      const count = parts.half();
      const attributeSize = parts.half();
      for (let event = 0; event < count && !parts.short; event++) {
        parts.skip(attributeSize);
        const ids = parts.half();
        const name = parts.text();
        parts.skip(8 * ids);
        if (!parts.short) events.rename(event, name);
      }
      break;
    }
    case FEATURE.sampleTime: {
      const times = { first: parts.word(), last: parts.word() };
      if (!parts.short) facts.sampleTime = times;
      break;
    }
    case FEATURE.clockData: {
      parts.skip(4);
      const clock = { clockId: parts.half() | 0, wall: parts.word(), clock: parts.word() };
      if (!parts.short) facts.clockData = clock;
      break;
    }
  }
  return !parts.short;
}

/** Records of the kind HEADER_BUILD_ID, one behind the other. False where they end too early. */
function readBuildIds({ bytes, view }: Words, facts: Facts): boolean {
  const little = facts.littleEndian;
  let at = 0;
  while (at + RECORD_HEADER <= bytes.length) {
    const size = view.getUint16(at + 6, little);
    if (size < 36 || at + size > bytes.length) return false;
    readBuildId({ bytes, view }, at, at + size, facts);
    at += size;
  }
  return at === bytes.length;
}

/** @param at start of a record of the kind HEADER_BUILD_ID: pid, id (its length in byte 20 where a flag says so), path */
export function readBuildId({ bytes, view }: Words, at: number, end: number, facts: Facts): boolean {
  if (end - at < 36) return false;
  const flags = view.getUint16(at + 4, facts.littleEndian);
  const length = flags & HAS_BUILD_ID_SIZE ? Math.min(BUILD_ID_BYTES, bytes[at + 32]!) : BUILD_ID_BYTES;
  facts.buildIds.set(textAt(bytes, at + 36, end), hexAt(bytes, at + 12, at + 12 + length));
  return true;
}

/** Values one behind the other; 0 and '' beyond the end. */
class Parts {
  /** It ended before what was asked for. */
  short = false;
  private at = 0;
  private readonly words: Words;
  private readonly little: boolean;

  constructor(words: Words, little: boolean) {
    this.words = words;
    this.little = little;
  }

  half(): number {
    return this.has(4) ? this.words.view.getUint32(this.at - 4, this.little) : 0;
  }

  word(): number {
    return this.has(8) ? unsigned64(this.words.view, this.at - 8, this.little) : 0;
  }

  /** Its length, filled up with NULs, stands before it. */
  text(): string {
    const length = this.half();
    return this.has(length) ? textAt(this.words.bytes, this.at - length, this.at) : '';
  }

  skip(length: number): void {
    this.has(length);
  }

  private has(length: number): boolean {
    if (this.at + length > this.words.bytes.length) this.short = true;
    else this.at += length;
    return !this.short;
  }
}
