import { UserError } from '../../errors.ts';
import { type HistoryEntry, parseEntry } from '../entry.ts';
import type { ReadHistory } from '../json-lines.ts';

/** An entry as a row of a database: `id` counts up, `entry` is its JSON. */
export interface EntryRow {
  readonly id: number | bigint | string;
  readonly entry: string;
}

/** An entry as JSON in ASCII, which every encoding of a database can hold. */
export function entryText(entry: HistoryEntry): string {
  return JSON.stringify(entry).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A row that is no entry costs itself alone. */
export function historyOf(rows: Iterable<EntryRow>, place: string): ReadHistory {
  const entries: HistoryEntry[] = [];
  const broken: string[] = [];
  for (const { id, entry } of rows) {
    try {
      entries.push(parseEntry(entry, `${place}: entry ${id}`));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      broken.push(error.message);
    }
  }
  return { entries, broken };
}
