import { ByteReader } from '../../../embedded/byte-reader.ts';
import { readPageColumns, readTimedColumns, type TimedSamples } from '../../../embedded/page-columns.ts';
import type { Profile } from '../../../profile/profile.ts';
import type { PageSummary } from '../page-data.ts';

/** What the page was made of. */
export interface PageData {
  readonly summary: PageSummary;
  /** Its samples are sums: one row for each stack of each thread. */
  readonly profile: Profile;
  /** Of each frame an index into `summary.fills`, and one into `summary.groups`. */
  readonly fill: Int32Array;
  readonly group: Int32Array;
}

/** Reads the block `summary` of {@link PageSummary}. */
export function decodeSummary(block: Uint8Array): PageData {
  const reader = new ByteReader(block);
  const summary = JSON.parse(reader.text()) as PageSummary;
  return { summary, ...readPageColumns(reader, summary) };
}

/** Reads the block `samples` of {@link PageSummary}. */
export function decodeSamples(block: Uint8Array, summary: PageSummary): TimedSamples {
  return readTimedColumns(new ByteReader(block), summary);
}
