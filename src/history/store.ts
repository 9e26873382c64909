import type { HistoryEntry } from './entry.ts';
import { appendEntry, type ReadHistory, readHistory } from './json-lines.ts';

/** Where a history is kept. */
export interface HistoryStore {
  /** For messages; without a password. */
  readonly place: string;
  /** @throws {UserError} it cannot be read; a history that is not there yet is empty */
  read(): Promise<ReadHistory>;
  /** Adds an entry whole or not at all, also where others do at the same time. @throws {UserError} 125: it cannot be written */
  append(entry: HistoryEntry): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a history.
 * @param spec a file of JSON lines
 * @throws {UserError} it cannot be opened
 */
export async function openHistory(spec: string): Promise<HistoryStore> {
  return {
    place: spec,
    read: async () => readHistory(spec),
    append: (entry) => appendEntry(spec, entry),
    close: async () => {},
  };
}
