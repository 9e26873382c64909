import { type Segment, Segments } from './source-map-segments.ts';
import { sourcePath } from './source-paths.ts';

/** Of one map, lines and segments: such a one takes 20 bytes once it is decoded. */
const MOST_SEGMENTS = 4_000_000;
/** Commas and brackets outside of texts, so that `JSON.parse` of a map takes no more than a small multiple of its size. */
const MOST_MEMBERS = 2_000_000;
/** Longer names are no names. */
const LONGEST_NAME = 10_000;
const LARGEST = 0x7fffffff;

/** A place in an original source. */
export interface Original {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
}

/** One map without sections. */
interface Part {
  readonly segments: Segments;
  readonly sources: readonly unknown[];
  readonly names: readonly unknown[];
  readonly root: string;
}

/** Parts of an index map, in their order. */
interface Section {
  readonly line: number;
  readonly column: number;
  readonly map: Part | readonly Section[];
}

/** A source map of revision 3 (ECMA-426), also one with sections. Lines and columns that it is asked for are 1-based. */
export class SourceMap {
  /** Whether it says what anything was called. */
  readonly hasNames: boolean;
  private readonly map: Part | readonly Section[];
  private readonly folder: string;
  private readonly files = new Map<string, string>();

  /**
   * @param text JSON, perhaps behind the line `)]}'`
   * @param folder the absolute path of the folder in which the map stands
   * @throws {Error} it is no source map, or too large; the message says why in some words
   */
  constructor(text: string, folder: string) {
    this.folder = folder;
    const read = new MapReader();
    this.map = read.map(parsed(text));
    this.hasNames = read.hasNames;
  }

  /** Where the code at a place comes from; undefined where the map does not say. */
  originalAt(line: number, column: number): Original | undefined {
    const found = this.find(line, column);
    return found === undefined ? undefined : this.originalOf(found.part, found.segment);
  }

  /** Where a whole line comes from: undefined where that is not one line (and in maps with sections). */
  originalOfLine(line: number): Original | undefined {
    if (!('segments' in this.map) || !isPlace(line)) return undefined;
    const ends = this.map.segments.ends(line - 1);
    if (ends === undefined) return undefined;
    const { first, last } = ends;
    if (first.source !== last.source || first.originalLine !== last.originalLine) return undefined;
    return this.originalOf(this.map, first);
  }

  private originalOf(part: Part, segment: Segment): Original | undefined {
    const source = part.sources[segment.source];
    const originalLine = segment.originalLine + 1;
    const originalColumn = segment.originalColumn + 1;
    if (typeof source !== 'string' || source === '') return undefined;
    if (!isPlace(originalLine) || !isPlace(originalColumn)) return undefined;
    return { file: this.fileOf(source, part.root), line: originalLine, column: originalColumn };
  }

  /** What the word that starts at a place was called; undefined where the map does not say. */
  nameAt(line: number, column: number): string | undefined {
    const found = this.find(line, column);
    if (found === undefined || found.segment.column !== found.column - 1) return undefined;
    const name = found.part.names[found.segment.name];
    return typeof name === 'string' && name !== '' && name.length <= LONGEST_NAME ? name : undefined;
  }

  /** The only source, where there is one alone. */
  onlySource(): string | undefined {
    if (!('segments' in this.map)) return undefined;
    const [source, second] = this.map.sources;
    return typeof source === 'string' && source !== '' && second === undefined
      ? this.fileOf(source, this.map.root)
      : undefined;
  }

  private find(line: number, column: number) {
    let map = this.map;
    let localLine = line;
    let localColumn = column;
    if (!isPlace(line) || !isPlace(column)) return undefined;
    while (!('segments' in map)) {
      const section = lastBefore(map, localLine - 1, localColumn - 1);
      if (section === undefined) return undefined;
      if (localLine - 1 === section.line) localColumn -= section.column;
      localLine -= section.line;
      map = section.map;
    }
    const segment = map.segments.at(localLine - 1, localColumn - 1);
    return segment && { part: map, segment, column: localColumn };
  }

  private fileOf(source: string, root: string): string {
    const key = `${root}\n${source}`;
    let file = this.files.get(key);
    if (file === undefined) {
      file = sourcePath(source, root, this.folder);
      this.files.set(key, file);
    }
    return file;
  }
}

function isPlace(number: number): boolean {
  return number > 0 && number <= LARGEST;
}

/** The last section that starts at or before a place (0-based). */
function lastBefore(sections: readonly Section[], line: number, column: number): Section | undefined {
  let low = 0;
  let high = sections.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const section = sections[middle]!;
    if (section.line < line || (section.line === line && section.column <= column)) low = middle + 1;
    else high = middle;
  }
  return sections[low - 1];
}

/** @throws {Error} see {@link SourceMap} */
function parsed(text: string): unknown {
  const json = text.startsWith(")]}'") ? text.slice(text.indexOf('\n') + 1) : text;
  if (hasTooManyMembers(json)) throw new Error('it has too many members');
  try {
    return JSON.parse(json);
  } catch {
    throw new Error('it is not JSON');
  }
}

function hasTooManyMembers(json: string): boolean {
  // As soon as what is left cannot hold so many, they are few
  let members = 0;
  for (let i = 0; i + MOST_MEMBERS - members < json.length; i++) {
    const c = json.charCodeAt(i);
    if (c === 34) {
      do {
        i = json.indexOf('"', i + 1);
        if (i < 0) return false;
      } while (isEscaped(json, i));
    } else if (c === 44 || c === 91 || c === 123) {
      members++;
      if (members > MOST_MEMBERS) return true;
    }
  }
  return false;
}

function isEscaped(json: string, at: number): boolean {
  let from = at;
  while (json.charCodeAt(from - 1) === 92) from--;
  return (at - from) % 2 === 1;
}

/** What a map, a section or an offset may have: of any type, as files claim anything. */
type Members = {
  readonly [name in
    | 'version'
    | 'mappings'
    | 'sources'
    | 'names'
    | 'sourceRoot'
    | 'sections'
    | 'offset'
    | 'map'
    | 'line'
    | 'column']?: unknown;
};

/** Checks what a file claims to be a map. */
class MapReader {
  hasNames = false;
  private segments = 0;

  /** @throws {Error} see {@link SourceMap} */
  map(value: unknown): Part | readonly Section[] {
    const top: Section[] = [];
    // Sections may hold sections, at any depth.
    const open: { value: unknown; into: Section[]; line: number; column: number }[] = [
      { value, into: top, line: 0, column: 0 },
    ];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { into, line, column } = next;
      const record = recordOf(next.value, 'it is no source map');
      if (record.version !== 3) throw new Error('it is no source map of version 3');
      const { sections } = record;
      if (sections === undefined) {
        into.push({ line, column, map: this.part(record) });
        continue;
      }
      if (!Array.isArray(sections)) throw new Error('its sections are no list');
      const inner: Section[] = [];
      into.push({ line, column, map: inner });
      const waiting = sections.map((section) => sectionOf(section, inner));
      checkOrder(waiting);
      // The last is taken first
      for (let i = waiting.length - 1; i >= 0; i--) open.push(waiting[i]!);
    }
    return top[0]!.map;
  }

  private part(record: Members): Part {
    const { mappings, sources, names = [], sourceRoot } = record;
    if (typeof mappings !== 'string') throw new Error('it has no mappings');
    if (!Array.isArray(sources)) throw new Error('it has no list of sources');
    if (!Array.isArray(names)) throw new Error('its names are no list');
    const segments = new Segments(mappings, MOST_SEGMENTS - this.segments);
    this.segments += segments.size;
    if (names.length > 0) this.hasNames = true;
    return {
      segments,
      sources,
      names,
      root: typeof sourceRoot === 'string' ? sourceRoot : '',
    };
  }
}

function sectionOf(value: unknown, into: Section[]) {
  const { offset, map } = recordOf(value, 'a section is none');
  const { line, column } = recordOf(offset, 'a section has no offset');
  if (!isOffset(line) || !isOffset(column)) throw new Error('a section has no offset');
  if (map === undefined) throw new Error('a section stands elsewhere');
  return { value: map, into, line, column };
}

function isOffset(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= LARGEST;
}

function checkOrder(sections: readonly { line: number; column: number }[]): void {
  for (let i = 1; i < sections.length; i++) {
    const { line, column } = sections[i]!;
    const before = sections[i - 1]!;
    if (line < before.line || (line === before.line && column < before.column)) {
      throw new Error('its sections are out of order');
    }
  }
}

/** @throws {Error} `otherwise` */
function recordOf(value: unknown, otherwise: string): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(otherwise);
  return value;
}
