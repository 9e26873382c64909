import { resolve } from 'node:path';
import { UserError } from '../../errors.ts';
import type { Attachment, HistoryEntry, KeptCommit, KeptResult } from '../../history/entry.ts';
import { HISTORY_FILE } from '../../history/json-lines.ts';
import { type HistoryStore, openHistory, resolvedStore } from '../../history/store.ts';
import { packageVersion } from '../../package-root.ts';
import { type RepositoryState, repositoryState } from '../../processes/repository.ts';
import { shortId } from '../../render/history-text.ts';
import type { Progress } from '../../terminal/progress.ts';
import { measurementsIn } from '../measured/results.ts';
import { machineName } from './machine-name.ts';

/** Whose results are kept. */
export interface Keeping {
  readonly suite?: string;
  readonly machine?: string | undefined;
  readonly attachments?: readonly Attachment[];
}

/** Where the history is. @param asked `--store`. Default: below the repository's top folder */
export function historyPlace(asked: string | undefined, state: RepositoryState | undefined): string {
  return asked === undefined ? resolve(state?.folder ?? '.', HISTORY_FILE) : resolvedStore(asked, resolve);
}

/**
 * Adds what a run measured to a history, and says so.
 * @throws {UserError} 125: it cannot be written
 */
export async function keepResults(
  results: readonly KeptResult[],
  store: HistoryStore,
  state: RepositoryState | undefined,
  { suite = '', machine, attachments = [] }: Keeping,
  progress: Progress,
): Promise<void> {
  const entry: HistoryEntry = {
    version: 1,
    time: new Date().toISOString(),
    suite,
    commit: keptCommit(state),
    machine: machine ?? machineName(),
    tools: { node: process.version, 'pforge-prof': packageVersion() },
    results,
    ...(attachments.length === 0 ? {} : { attachments }),
  };
  await store.append(entry);
  const count = `${results.length} ${results.length === 1 ? 'result' : 'results'}`;
  progress.say(`kept ${count} of ${shortId(entry.commit)} in ${store.place}`);
}

/**
 * Keeps what a command has just measured: `bench --track`.
 * @param json what its `--json` writes
 * @param place as `--store` names it; true = the repository's own
 */
export async function keepMeasured(json: string, place: string | true, progress: Progress): Promise<void> {
  const { kept } = measurementsIn(json, 'what was measured');
  if (kept.length === 0) throw new UserError('nothing was measured that a history could keep');
  const state = await repositoryState(process.cwd());
  const store = await openHistory(historyPlace(place === true ? undefined : place, state));
  try {
    await keepResults(kept, store, state, {}, progress);
  } finally {
    await store.close();
  }
}

export function keptCommit(state: RepositoryState | undefined): KeptCommit {
  if (state === undefined) return { id: '' };
  const { id, time, subject, branch, dirty } = state;
  return { id, time, subject, ...(branch ? { branch } : {}), ...(dirty ? { dirty } : {}) };
}
