import type { HistoryHead } from '../history-head.ts';

type Head = HistoryHead;
export type Commit = Head['commits'][number];

/** A series with its columns. */
export interface ShownSeries {
  readonly about: Head['series'][number];
  /** `suite: name` */
  readonly title: string;
  readonly commits: Uint32Array;
  readonly values: Float32Array;
  /** NaN where no interval is known. */
  readonly low: Float32Array;
  readonly high: Float32Array;
}

export interface ShownHistory {
  readonly title: string;
  readonly commits: readonly Commit[];
  readonly series: readonly ShownSeries[];
}

/** Reads what historyBlock wrote. */
export async function decoded(base64: string): Promise<ShownHistory> {
  const packed = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  const bytes = await new Response(stream).arrayBuffer();
  const length = new DataView(bytes).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, length))) as Head;
  const columns = bytes.slice(4 + length);
  const total = columns.byteLength / 16;
  const column = (place: number): number => place * total * 4;
  let at = 0;
  const series = head.series.map((about): ShownSeries => {
    const part = (place: number): [ArrayBuffer, number, number] => [columns, column(place) + at * 4, about.count];
    const made = {
      about,
      title: about.suite === '' ? about.name : `${about.suite}: ${about.name}`,
      commits: new Uint32Array(...part(0)),
      values: new Float32Array(...part(1)),
      low: new Float32Array(...part(2)),
      high: new Float32Array(...part(3)),
    };
    at += about.count;
    return made;
  });
  return { title: head.title, commits: head.commits, series };
}
