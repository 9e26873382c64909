import { UserError } from '../../errors.ts';
import type { LoadResult } from '../result.ts';
import { ab } from './ab.ts';
import { autocannonJson, autocannonText } from './autocannon.ts';
import { h2load } from './h2load.ts';
import { heyCsv, heyText } from './hey.ts';
import { k6Json, k6Text } from './k6.ts';
import type { LoadReader } from './load-reader.ts';
import { ohaJson } from './oha.ts';
import { own } from './own.ts';
import { wrk } from './wrk.ts';

/** Everything that tells of a load and that is read; the first one that knows a text takes it. */
export const loadReaders: readonly LoadReader[] = [
  own,
  autocannonText,
  wrk,
  autocannonJson,
  k6Json,
  k6Text,
  ohaJson,
  heyCsv,
  heyText,
  ab,
  h2load,
];

/**
 * Reads what a load tool printed.
 * @param name of the file, for messages
 * @throws {UserError} nobody knows it, or it is broken
 */
export function readLoadResult(text: string, name: string): LoadResult {
  const reader = loadReaders.find(({ detect }) => detect(text));
  if (reader !== undefined) return reader.read(text, name);
  const known = loadReaders.map(({ title }) => title).join('; ');
  throw new UserError(`${name} is no output of a load tool`, { hint: `known are ${known}` });
}
