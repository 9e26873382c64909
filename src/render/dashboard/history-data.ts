import { gzipSync } from 'node:zlib';
import type { HistoryEntry, KeptCommit } from '../../history/entry.ts';
import type { JudgedSeries } from '../../history/series.ts';
import type { HistoryHead, ShownPicture } from './history-head.ts';

export interface DashboardPictures {
  /** By the id of a commit. */
  readonly ofCommit: ReadonlyMap<string, readonly ShownPicture[]>;
  /** What changed between two commits, by both ids and a blank between them. */
  readonly ofPair: ReadonlyMap<string, readonly ShownPicture[]>;
}

/**
 * What the page draws from: gzip of the length of the head (32 bits, little endian), the head in UTF-8, and four columns of all
 * series' values one after the other: numbers of commits (Uint32), values, lower and upper bounds (Float32; NaN = not known).
 */
export function historyBlock(
  title: string,
  series: readonly JudgedSeries[],
  { ofCommit, ofPair }: DashboardPictures = { ofCommit: new Map(), ofPair: new Map() },
): Uint8Array {
  const numbers = new Map<string, number>();
  const commits: HistoryHead['commits'][number][] = [];
  const total = series.reduce((sum, { values }) => sum + values.length, 0);
  const commitOf = new Uint32Array(total);
  const columns = [new Float32Array(total), new Float32Array(total), new Float32Array(total)] as const;
  const ordered = [...new Map(series.flatMap(({ values }) => values.map((one) => [keyOf(one), one] as const)))].sort(
    ([, a], [, b]) => timeOf(a) - timeOf(b),
  );
  for (const [key, { commit, time }] of ordered) {
    numbers.set(key, commits.length);
    const pictures = ofCommit.get(commit.id);
    commits.push({ time, ...commit, ...(pictures === undefined ? {} : { pictures }) });
  }
  let at = 0;
  for (const { values } of series) {
    for (const one of values) {
      commitOf[at] = numbers.get(keyOf(one))!;
      columns[0][at] = one.value;
      columns[1][at] = one.low ?? Number.NaN;
      columns[2][at] = one.high ?? Number.NaN;
      at++;
    }
  }
  const head: HistoryHead = {
    title,
    commits,
    series: series.map((one) => ({
      suite: one.suite,
      name: one.name,
      unit: one.unit,
      better: one.better,
      machine: one.machine,
      count: one.values.length,
      changes: one.changes.map(({ at: place, before, after, change, verdict, isDrift }) => {
        const pair = `${one.values[place - 1]?.commit.id} ${one.values[place]!.commit.id}`;
        const pictures = ofPair.get(pair);
        return {
          at: place,
          before,
          after,
          change: Number.isFinite(change) ? change : null,
          verdict,
          isDrift,
          ...(pictures === undefined ? {} : { pictures }),
        };
      }),
      outliers: one.outliers,
    })),
  };
  const text = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  const bytes = [commitOf, ...columns].map((column) => Buffer.from(column.buffer));
  return gzipSync(Buffer.concat([length, text, ...bytes]), { level: 4 });
}

/** Runs of changed sources are no runs of their commit. */
function keyOf({ commit, time }: JudgedSeries['values'][number]): string {
  return commit.id === '' ? time : `${commit.id}${commit.dirty ? '+' : ''}`;
}

function timeOf({ commit, time }: { commit: KeptCommit; time: HistoryEntry['time'] }): number {
  return Date.parse(commit.time ?? time);
}
