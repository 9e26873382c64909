import { FormatError, type Input } from '../format.ts';
import { SMALLEST_ATTRIBUTE } from './attributes.ts';
import type { Events } from './events.ts';
import type { Region } from './region.ts';
import { unsigned64, wordsOf } from './words.ts';

/** The first bytes of a file; those of a recording that was written to a pipe are fewer. */
const FILE_HEADER = 104;
const PIPE_HEADER = 16;
/** Behind each attribute stands where its ids are. */
const IDS_SECTION = 16;

export interface Section {
  readonly offset: number;
  readonly size: number;
}

export interface FileHeader {
  readonly attributeSize: number;
  readonly attributes: Section;
  /** size 0: perf was ended before it could write it. */
  readonly data: Section;
  /** Numbers of the feature sections that follow the data, ascending. */
  readonly features: readonly number[];
}

export interface Header {
  readonly little: boolean;
  /** Where the first record of a recording by pipe stands. */
  readonly start: number;
  /** Absent: it was written to a pipe. */
  readonly file?: FileHeader;
}

/**
 * The start of a recording (tools/perf/Documentation/perf.data-file-format.txt).
 * @throws {FormatError} it is none
 */
export function readHeader(input: Input): Header {
  const { head } = input;
  const magic = Buffer.from(head.subarray(0, 8)).toString('latin1');
  const little = magic === 'PERFILE2' || magic === 'PERFFILE';
  if (!little && magic !== '2ELIFREP' && magic !== 'ELIFFREP') {
    throw new FormatError(input, 'byte 0', 'it does not start as a perf.data file');
  }
  const { view } = wordsOf(head);
  if (head.length < PIPE_HEADER) throw new FormatError(input, `byte ${head.length}`, 'the file ends in its header');
  const size = unsigned64(view, 8, little);
  if (size === PIPE_HEADER) return { little, start: PIPE_HEADER };
  if (size < FILE_HEADER) throw new FormatError(input, 'byte 8', `its header cannot have ${size} bytes`);
  if (head.length < FILE_HEADER) throw new FormatError(input, `byte ${head.length}`, 'the file ends in its header');
  const section = (at: number): Section => ({
    offset: unsigned64(view, at, little),
    size: unsigned64(view, at + 8, little),
  });
  const file: FileHeader = {
    attributeSize: unsigned64(view, 16, little),
    attributes: section(24),
    data: section(40),
    features: featuresOf(view, little),
  };
  if (file.attributeSize < SMALLEST_ATTRIBUTE + IDS_SECTION) {
    throw new FormatError(input, 'byte 16', `descriptions of events cannot have ${file.attributeSize} bytes`);
  }
  if (file.data.offset < FILE_HEADER) throw new FormatError(input, 'byte 40', 'its records start within its header');
  return { little, start: file.data.offset, file };
}

/** The bits that are set, as 64-bit words; where HOSTNAME, which perf always writes, is not among them, as 32-bit words. */
function featuresOf(view: DataView, little: boolean): number[] {
  const HOSTNAME = 3;
  const bits = (wordOf: (bit: number) => number): number[] =>
    Array.from({ length: 256 }, (_, bit) => bit).filter(
      (bit) => ((view.getUint32(72 + 4 * wordOf(bit), little) >>> (bit & 31)) & 1) === 1,
    );
  const wide = bits((bit) => (little ? bit >> 5 : (bit >> 5) ^ 1));
  return wide.includes(HOSTNAME) ? wide : bits((bit) => bit >> 5);
}

/**
 * Reads the descriptions of the events.
 * @throws {FormatError} they are not where the header says
 */
export function readEvents(input: Input, header: FileHeader, little: boolean, region: Region, events: Events): void {
  const { attributes, attributeSize } = header;
  const words = wordsOf(region.read(attributes.offset, attributes.size));
  if (words.bytes.length < attributes.size) {
    throw new FormatError(input, `byte ${region.end}`, 'the file ends before the descriptions of its events');
  }
  const idsAt = attributeSize - IDS_SECTION;
  let idBytes = 0;
  for (let at = 0; at + attributeSize <= attributes.size; at += attributeSize) {
    const event = events.add(words, at, idsAt);
    const offset = unsigned64(words.view, at + idsAt, little);
    const size = unsigned64(words.view, at + idsAt + 8, little);
    idBytes += size;
    const ids = idBytes <= region.end ? region.read(offset, size) : new Uint8Array();
    if (ids.length < size) {
      throw new FormatError(input, `byte ${attributes.offset + at + idsAt}`, 'the ids of an event are not in the file');
    }
    events.addIds(event, wordsOf(ids), 0, size);
  }
}
