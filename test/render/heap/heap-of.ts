import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inputOf } from '../../../src/formats/input.ts';
import { readMassif } from '../../../src/formats/massif/read-massif.ts';
import type { HeapHistory } from '../../../src/profile/heap-history.ts';
import { FIXTURES } from '../../formats/harness.ts';

/** A recording under fixtures/massif. */
export async function fixtureHistory(name: string): Promise<HeapHistory> {
  return historyOf(readFileSync(join(FIXTURES, 'massif', name)));
}

export async function historyOf(bytes: string | Uint8Array): Promise<HeapHistory> {
  return (await readMassif(inputOf(bytes, 'x'), {})).history;
}
