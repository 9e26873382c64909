import type { HeapDiff, SizeChange } from '../../profile/heap-diff.ts';
import {
  chosenRow,
  DETAILS,
  type HeapHistory,
  sitesAt,
  timeUnitOf,
  titleOf,
  totalAt,
} from '../../profile/heap-history.ts';
import { formatPercent, formatValue, groupDigits } from '../../profile/units.ts';
import { escapeXml } from '../escape.ts';
import { UI_FONT } from '../flame-style.ts';
import { staticPage } from '../html/static-page.ts';
import { type ChartOptions, chartElement, chartScript, snapshotCount } from './chart-svg.ts';
import { type DiffChartOptions, heapDiffCharts, pairTitle } from './diff-chart.ts';
import { changeCells } from './diff-table.ts';
import { siteLabel } from './site-table.ts';

const STYLE = `
:root { color-scheme: light dark; --ground: #fff; --ink: #16161d; --soft: #5b5d66; --line: #e7e5e0; }
@media (prefers-color-scheme: dark) { :root { --ground: #17181d; --ink: #f2f1ee; --soft: #b4b6c0; --line: #33353e; } }
body { margin: 0 auto; max-width: 1200px; padding: 0 0 40px; background: var(--ground); color: var(--ink); font: 13px/20px ${UI_FONT}; }
.charts { overflow-x: auto; }
svg { display: block; width: 100%; min-width: 720px; height: auto; }
section { padding: 0 24px 0 7%; overflow-x: auto; }
h2 { font-size: 15px; margin: 24px 0 8px; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: right; padding: 3px 12px 3px 0; border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; white-space: nowrap; }
th { color: var(--soft); font-weight: 400; }
th:last-child, td:last-child { text-align: left; width: 100%; min-width: 16em; white-space: normal; overflow-wrap: anywhere; }
details td:last-child, details th:last-child { min-width: 0; }
summary { cursor: pointer; color: var(--soft); margin-top: 24px; }
@media (max-width: 760px) { section { padding: 0 12px; } }
`;

/**
 * One page that loads nothing: the chart, every site of the largest snapshot with details, all snapshots. Its
 * Content-Security-Policy allows its own script by its hash; the styles are its own and the picture's.
 */
export function* chartHtml(history: HeapHistory, options: ChartOptions): Iterable<string> {
  const title = options.title ?? titleOf(history);
  yield* page(history.command === '' ? title : `${title} – ${history.command}`, [
    () => chartsElement(chartElement(history, options, false)),
    () => sitesSection(history),
    () => snapshotsSection(history),
  ]);
}

/** Both charts of a comparison, and what changed. */
export function* heapDiffHtml(diff: HeapDiff, names: DiffChartOptions): Iterable<string> {
  yield* page(pairTitle(names), [
    () => chartsElement(heapDiffCharts(diff, names).map(({ svg }) => svg)),
    () => changesSection(diff),
  ]);
}

function page(title: string, parts: readonly (() => Iterable<string>)[]): Iterable<string> {
  // A chart has its own style sheet, as it is a picture elsewhere
  return staticPage({ title, style: STYLE, styledParts: true, script: chartScript(), body: eachOf(parts) });
}

function* eachOf(parts: readonly (() => Iterable<string>)[]): Iterable<string> {
  for (const part of parts) yield* part();
}

/** Charts that are scrolled where they would be too small to read. */
function* chartsElement(charts: Iterable<string>): Iterable<string> {
  yield '<div class="charts">\n';
  yield* charts;
  yield '</div>\n';
}

function* changesSection(diff: HeapDiff): Iterable<string> {
  const row = (words: string, change: SizeChange): string =>
    `<tr>${changeCells(change)
      .map((cell) => `<td>${cell}</td>`)
      .join('')}<td>${escapeXml(words)}</td></tr>\n`;
  yield `<section>
<h2>What changed</h2>
<table><thead><tr><th>Before</th><th>After</th><th>Change</th><th></th><th>Function</th></tr></thead><tbody>
${row('Peak, as massif marked it', diff.peak)}${row('Maximum', diff.maximum)}${row('At the end', diff.end)}`;
  for (const change of diff.sites) yield row(siteLabel(change.site), change);
  yield '</tbody></table>\n</section>\n';
}

function* sitesSection(history: HeapHistory): Iterable<string> {
  const row = chosenRow(history, 'largest');
  const total = totalAt(history.snapshots, row);
  if (total === 0) {
    yield '<section>\n<h2>Nothing was allocated</h2>\n</section>\n';
    return;
  }
  yield `<section>
<h2>Who allocated it: snapshot ${history.snapshots.number[row]}, ${formatValue(total, 'bytes')}</h2>
<table><thead><tr><th>Number</th><th>Allocated</th><th>Bytes</th><th>Frequency</th><th>Function</th></tr></thead><tbody>
`;
  for (const [i, { site, bytes }] of sitesAt(history, row).entries()) {
    const cells = [i + 1, formatValue(bytes, 'bytes'), groupDigits(bytes), formatPercent(bytes, total)];
    yield `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}<td>${escapeXml(siteLabel(site))}</td></tr>\n`;
  }
  yield '</tbody></table>\n</section>\n';
}

function* snapshotsSection({ snapshots, timeUnit }: HeapHistory): Iterable<string> {
  yield `<section>
<details><summary>${snapshots.length === 1 ? snapshotCount(1) : `All ${snapshotCount(snapshots.length)}`}</summary>
<table><thead><tr><th>Snapshot</th><th>Time (${escapeXml(timeUnitOf(timeUnit).name)})</th><th>Total</th><th>Heap</th><th>Extra heap</th><th>Stacks</th><th>Details</th></tr></thead><tbody>
`;
  for (let i = 0; i < snapshots.length; i++) {
    const { number, time, heap, extra, stacks, detail } = snapshots;
    const bytes = [totalAt(snapshots, i), heap[i]!, extra[i]!, stacks[i]!].map((value) => groupDigits(value));
    const cells = [
      number[i],
      groupDigits(time[i]!, 3),
      ...bytes,
      DETAILS[detail[i]!] === 'none' ? '' : DETAILS[detail[i]!],
    ];
    yield `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>\n`;
  }
  yield '</tbody></table>\n</details>\n</section>\n';
}
