import { ERROR_KINDS, type Latency, PERCENTS, percentileOf } from '../../load/result.ts';
import { escapeXml } from '../escape.ts';
import { UI_FONT } from '../flame-style.ts';
import { staticPage } from '../html/static-page.ts';
import { measuredText, shortTime, wrkBytes } from './load-numbers.ts';
import type { LoadReport } from './load-report.ts';
import { loadChart } from './load-svg.ts';

const STYLE = `
:root { color-scheme: light dark; --ground: #fff; --ink: #16161d; --soft: #5b5d66; --line: #e7e5e0; --bad: #b42318; }
@media (prefers-color-scheme: dark) { :root { --ground: #17181d; --ink: #f2f1ee; --soft: #b4b6c0; --line: #33353e; --bad: #ff9b8f; } }
body { margin: 0 auto; max-width: 1200px; padding: 0 0 40px; background: var(--ground); color: var(--ink); font: 13px/20px ${UI_FONT}; }
.charts { overflow-x: auto; }
svg { display: block; width: 100%; min-width: 720px; height: auto; }
section { display: flex; flex-wrap: wrap; gap: 8px 56px; }
h2 { font-size: 15px; margin: 20px 0 6px; }
table { border-collapse: collapse; }
th, td { text-align: right; padding: 3px 20px 3px 0; border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; }
th { color: var(--soft); font-weight: 400; }
th:first-child, td:first-child, td.text { text-align: left; }
section, .notes { padding: 0 24px 0 6.3%; }
.notes ul { margin: 0; padding-left: 18px; max-width: 90ch; }
td.text { overflow-wrap: anywhere; }
.bad { color: var(--bad); font-weight: 600; }
`;

/** One page that loads nothing and runs nothing: the picture, and tables of what it shows. */
export function loadHtml(report: LoadReport): Iterable<string> {
  const { url, engine } = report.result;
  return staticPage({ title: `Load of ${url || engine}`, style: STYLE, styledParts: true, body: body(report) });
}

function* body(report: LoadReport): Iterable<string> {
  yield '<div class="charts">\n';
  yield* loadChart(report.result);
  yield '</div>\n<section>\n';
  yield* latencyTable(report);
  yield* errorTable(report);
  yield* eventTable(report);
  yield* serverTable(report);
  yield* verdictTable(report);
  yield '</section>\n';
  yield* noteList(report);
}

function table(title: string, heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[], tag: string): string =>
    row.map((cell) => `<${tag}>${escapeXml(cell)}</${tag}>`).join('');
  const body = rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('\n');
  return `<div><h2>${escapeXml(title)}</h2>\n<table><thead><tr>${cells(heads, 'th')}</tr></thead><tbody>\n${body}\n</tbody></table></div>\n`;
}

function* latencyTable({ result: { latency, corrected } }: LoadReport): Iterable<string> {
  const columns: readonly Latency[] = corrected === undefined ? [latency] : [corrected, latency];
  const row = (name: string, pick: (one: Latency) => number | undefined): string[] => [
    name,
    ...columns.map((one) => {
      const value = pick(one);
      return value === undefined ? '' : shortTime(value);
    }),
  ];
  const heads = corrected === undefined ? ['', 'Latency'] : ['', 'from when due', 'from when sent'];
  yield table('Latency', heads, [
    row('mean', ({ mean }) => mean),
    row('standard deviation', ({ stdev }) => stdev),
    ...PERCENTS.map((percent) => row(`${percent} %`, (one) => percentileOf(one, percent))),
    row('max', ({ max }) => max),
  ]);
}

function* errorTable({ result: { errors, examples, statuses, bytes, requests } }: LoadReport): Iterable<string> {
  const failures = ERROR_KINDS.filter((kind) => errors[kind] > 0).map((kind) => [
    kind,
    String(errors[kind]),
    examples.get(kind) ?? '',
  ]);
  const answers = [...statuses].map(([status, count]) => [`status ${status}`, String(count), '']);
  yield table(
    'Answers and errors',
    ['', 'requests', ''],
    [['answered', String(requests), `${wrkBytes(bytes)} read`], ...answers, ...failures],
  );
}

function* serverTable({ server }: LoadReport): Iterable<string> {
  if (server === undefined) return;
  const { eventLoop } = server;
  yield table(
    'Server',
    ['', ''],
    [
      ['CPU time', `${server.cpuSeconds.toFixed(2)} s`],
      ['memory, on average', wrkBytes(server.rss)],
      ['memory, at most', wrkBytes(server.maxRss)],
      ...(eventLoop === undefined
        ? []
        : [
            ['event loop busy', `${(eventLoop.utilization * 100).toFixed(1)} %`],
            ['event loop late, p99', shortTime(eventLoop.delay.p99)],
            ['event loop late, max', shortTime(eventLoop.delay.max)],
          ]),
    ],
  );
}

/** What the figures do not say, e.g. why a closed model knows nothing of a stall. */
function* noteList({ notes }: LoadReport): Iterable<string> {
  if (notes.length === 0) return;
  yield `<div class="notes"><h2>Notes</h2>\n<ul>${notes.map((note) => `<li>${escapeXml(note)}</li>`).join('\n')}</ul></div>\n`;
}

function* eventTable({ result: { events } }: LoadReport): Iterable<string> {
  if (events === undefined) return;
  const { streams, firstEvent, gap } = events;
  const time = (latency: Latency, percent: number): string => shortTime(percentileOf(latency, percent) ?? 0);
  yield table(
    'Event streams',
    ['', ''],
    [
      ['streams', String(streams)],
      ['events', String(events.events)],
      ['events a second', events.eventsPerSecond.toFixed(2)],
      ['first event, p50', time(firstEvent, 50)],
      ['first event, p99', time(firstEvent, 99)],
      ['between events, p50', time(gap, 50)],
      ['between events, p99', time(gap, 99)],
    ],
  );
}

function* verdictTable({ verdicts }: LoadReport): Iterable<string> {
  if (verdicts.length === 0) return;
  const row = ({ threshold, value, kept }: LoadReport['verdicts'][number]): string =>
    `<tr><td class="text">${escapeXml(threshold.text)}</td><td>${escapeXml(measuredText(value, threshold))}</td><td${kept ? '' : ' class="bad"'}>${kept ? 'kept' : 'failed'}</td></tr>`;
  yield `<div><h2>Thresholds</h2>\n<table><tbody>\n${verdicts.map(row).join('\n')}\n</tbody></table></div>\n`;
}
