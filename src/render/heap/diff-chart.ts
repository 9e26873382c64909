import type { HeapDiff } from '../../profile/heap-diff.ts';
import { type HeapHistory, landmarks, totalAt } from '../../profile/heap-history.ts';
import { escapeXml } from '../escape.ts';
import { rankedSites } from './bands.ts';
import { chartElement, chartScript, WIDTH } from './chart-svg.ts';

/** The names under which the person gave the two sides. */
export interface DiffChartOptions {
  readonly before: string;
  readonly after: string;
  /** Stands before them. */
  readonly title?: string;
}

/** Both charts below each other: bytes on one scale, a site in one colour, from the start to the end of each run. */
export function* heapDiffSvg(diff: HeapDiff, options: DiffChartOptions): Iterable<string> {
  const parts = heapDiffCharts(diff, options);
  const height = parts.reduce((sum, part) => sum + part.height, 0);
  yield `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<svg version="1.1" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" xmlns="http://www.w3.org/2000/svg">
<title>${escapeXml(pairTitle(options))}</title>
`;
  let y = 0;
  for (const part of parts) {
    yield `<g transform="translate(0 ${y})">\n${part.svg}</g>\n`;
    y += part.height;
  }
  yield `<script><![CDATA[\n${chartScript()}]]></script>\n</svg>\n`;
}

export function pairTitle({ before, after, title }: DiffChartOptions): string {
  return title ?? `${before} and ${after}`;
}

/** The two charts as elements, without a script. */
export function heapDiffCharts(
  { before, after }: HeapDiff,
  names: DiffChartOptions,
): { readonly svg: string; readonly height: number }[] {
  const most = Math.max(largest(before), largest(after));
  const ranking = rankedSites([before, after]);
  return [before, after].map((history, i) => {
    const side = i === 0 ? `Before: ${names.before}` : `After: ${names.after}`;
    const title = names.title === undefined ? side : `${names.title} – ${side}`;
    const svg = [...chartElement(history, { title, most, ranking }, false)].join('');
    return { svg, height: Number(/ height="(\d+)"/.exec(svg)![1]) };
  });
}

function largest(history: HeapHistory): number {
  return totalAt(history.snapshots, landmarks(history).maximum);
}
