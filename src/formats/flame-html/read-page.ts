import { constants } from 'node:buffer';
import { gunzipSync } from 'node:zlib';
import { ByteReader } from '../../embedded/byte-reader.ts';
import { decodeProfile } from '../../embedded/decode.ts';
import { EMBEDDED, type EmbeddedSide } from '../../embedded/element.ts';
import { type PageTables, readPageColumns, readTimedColumns } from '../../embedded/page-columns.ts';
import { summaryOf } from '../../embedded/summary.ts';
import { checkProfile } from '../../profile/check.ts';
import type { Profile } from '../../profile/profile.ts';
import { withoutThreads } from '../../profile/threads.ts';
import { AFTER_IS_READ } from '../flame-svg/read-frames.ts';
import { FormatError, type Input, NoSides, type Notes, type ReadChoices } from '../format.ts';
import { MAX_INFLATED_BYTES, mostInflated } from '../input/inflate-guard.ts';

/** Of what is longer a block might not fit into a text; no browser shows such a page. */
const LONGEST = constants.MAX_STRING_LENGTH;

/** The profile of a page, or one side of a comparison. */
export async function readPage(input: Input, notes: Notes, { side }: ReadChoices = {}): Promise<Profile> {
  const page = await wholePage(input);
  const broken = (what: string): FormatError =>
    new FormatError(input, '', what, 'copy the file again, or draw it anew');
  if (!page.includes('</html>', Math.max(0, page.length - 100))) throw broken('the page ends too early');
  try {
    const compared = page.includes('<script type="application/gzip" id="data-comparison">');
    if (compared) return embeddedSide(input, page, side, notes);
    if (side !== undefined) {
      throw new NoSides(`${input.name}: this is no comparison: it has no sides`, 'leave --side out');
    }
    const { profile, threadRoots } = ofOneProfile(page);
    return threadRoots ? profile : withoutThreads(profile);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw broken(`the profile in it is broken: ${error.message}`);
  }
}

async function wholePage(input: Input): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of input.chunks()) {
    length += chunk.length;
    if (length > LONGEST) throw new FormatError(input, '', `the page has more than ${LONGEST} bytes`);
    // A chunk is valid until the next one is asked for
    chunks.push(chunk.slice());
  }
  return Buffer.concat(chunks, length);
}

function embeddedSide(input: Input, page: Buffer, side: EmbeddedSide | undefined, notes: Notes): Profile {
  const chosen = side ?? 'after';
  const text = between(
    page,
    `<metadata id="${EMBEDDED.id}-${chosen}" data-version="${EMBEDDED.version}"`,
    '</metadata>',
  );
  if (text === undefined) {
    throw new FormatError(
      input,
      '',
      'this comparison does not hold the profiles that it was made of (--no-embed), or those of another version',
      'compare again without --no-embed',
    );
  }
  if (side === undefined) notes.add(AFTER_IS_READ);
  return decodeProfile(text.slice(text.indexOf('>') + 1));
}

/** @throws {RangeError} what is wrong with it */
function ofOneProfile(page: Buffer): { readonly profile: Profile; readonly threadRoots: boolean } {
  const summary = block(page, 'data-summary');
  if (summary === undefined) throw new RangeError('it is not there');
  const reader = new ByteReader(summary);
  const { tables, firstTime, threadRoots } = tablesOf(reader.text());
  const { profile } = readPageColumns(reader, tables);
  checkProfile(profile);
  const timed = firstTime === undefined ? undefined : block(page, 'data-samples');
  if (timed === undefined) return { profile, threadRoots };
  const { sum, time, values, length } = readTimedColumns(new ByteReader(timed), tables);
  const { stack, thread } = profile.samples;
  const of = (column: Int32Array): Int32Array =>
    sum.map((row) => {
      if (row < 0 || row >= column.length) throw new RangeError(`a sample is part of sum ${row}`);
      return column[row]!;
    });
  const withTimes: Profile = {
    ...profile,
    samples: { length, stack: of(stack), thread: of(thread!), values, time: time.map((since) => since + firstTime!) },
  };
  checkProfile(withTimes);
  return { profile: withTimes, threadRoots };
}

/** @throws {RangeError} a member is not what it must be */
function tablesOf(text: string): {
  readonly tables: PageTables;
  readonly firstTime: number | undefined;
  readonly threadRoots: boolean;
} {
  let json: Record<string, unknown>;
  try {
    json = JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new RangeError('its summary is no JSON');
  }
  const { meta, ...known } = summaryOf({ ...json, counters: [], meta: { notes: json.notes } });
  const numbers = [...(Array.isArray(json.lengths) ? json.lengths : []), json.samples] as unknown[];
  if (numbers.length !== 4 || !numbers.every((count) => Number.isSafeInteger(count) && Number(count) >= 0)) {
    throw new RangeError('it does not say how many rows it has');
  }
  const [frames, stacks, sums, samples] = numbers as [number, number, number, number];
  return {
    tables: { ...known, notes: meta.notes, lengths: [frames, stacks, sums], samples },
    firstTime: typeof json.firstTime === 'number' ? json.firstTime : undefined,
    threadRoots: json.threadRoots !== false,
  };
}

/** The bytes of a block, by the id of its element. @throws {RangeError} it cannot be decompressed */
function block(page: Buffer, id: string): Uint8Array | undefined {
  const text = between(page, `<script type="application/gzip" id="${id}">`, '</script>');
  if (text === undefined) return undefined;
  const packed = Buffer.from(text, 'base64');
  try {
    return gunzipSync(packed, { maxOutputLength: mostInflated(MAX_INFLATED_BYTES, packed.length) });
  } catch (error) {
    throw new RangeError('it cannot be decompressed', { cause: error });
  }
}

function between(page: Buffer, start: string, end: string): string | undefined {
  const from = page.indexOf(start);
  if (from < 0) return undefined;
  const to = page.indexOf(end, from);
  return to < 0 ? undefined : page.toString('latin1', from + start.length, to);
}
