import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Estimate } from '../../bench/estimates.ts';
import { packageRoot } from '../../package-root.ts';
import { escapeXml } from '../escape.ts';
import { staticPage } from '../html/static-page.ts';
import { groupPlots } from './group-plots.ts';
import { plotElement } from './plot.ts';
import { benchmarkPlots } from './plots.ts';
import { type BenchReport, groupsOf, type ReportedBenchmark, type ReportRow, rowOf } from './report.ts';
import { changeWithInterval, rateText, timeCells, valueText, verdictText } from './report-cells.ts';
import { reportStyle } from './report-style.ts';

/** Reports of so many benchmarks show all of them at once. */
const FEW = 3;

/**
 * One self-contained page: a table of all benchmarks with intervals and verdicts, a plot of each group, and of each
 * benchmark the plots that Criterion's report has. It loads nothing, and is complete without its script.
 */
export function* benchHtml({ title, facts, benchmarks }: BenchReport): Iterable<string> {
  const rows: ReportRow[] = [];
  const sections: string[] = [];
  for (const benchmark of benchmarks) {
    const row = rowOf(benchmark);
    sections.push(benchmarkBody(benchmark, row));
    rows.push(row);
  }
  const script = readFileSync(join(packageRoot(), 'dist/browser/bench-report.js'), 'utf8').trim();
  yield* staticPage({ title, style: reportStyle(), script, body: body(title, facts, rows, sections) });
}

function* body(
  title: string,
  facts: BenchReport['facts'],
  rows: readonly ReportRow[],
  sections: readonly string[],
): Iterable<string> {
  yield `<h1>${escapeXml(title)}</h1>\n<p class="facts">${facts.map(([name, text]) => `${escapeXml(name)}: ${escapeXml(text)}`).join(' · ')}</p>\n`;
  if (rows.length > FEW) {
    yield '<input class="find" type="search" placeholder="Find a benchmark ( / )" aria-label="Find a benchmark" hidden>\n';
  }
  yield* overview(rows);
  const number = new Map(rows.map((row, i) => [row, i]));
  for (const [group, members] of groupsOf(rows)) {
    yield `<section class="group">\n<h2>${escapeXml(group)}</h2>\n`;
    yield* groupBody(group, members);
    for (const row of members) {
      const i = number.get(row)!;
      const { time, interval } = timeCells(row);
      const open = rows.length <= FEW ? ' open' : '';
      yield `<details id="b${i}" data-title="${escapeXml(row.id.title)}"${open}><summary>${escapeXml(row.id.title)}<span class="soft">${escapeXml([time, interval].filter(Boolean).join(' · '))}</span></summary>\n`;
      yield sections[i]!;
      yield '</details>\n';
    }
    yield '</section>\n';
  }
}

function* overview(rows: readonly ReportRow[]): Iterable<string> {
  const hasRate = rows.some(({ throughput }) => throughput !== undefined);
  const compared = rows.some(({ judged }) => judged !== undefined);
  const titles = ['Benchmark', 'Time', 'Interval', ...(hasRate ? ['Throughput'] : []), ...(compared ? ['Change'] : [])];
  yield `<div class="scroll"><table class="overview"><thead><tr>${titles.map((cell) => `<th>${cell}</th>`).join('')}${compared ? '<th class="left">Verdict</th>' : ''}</tr></thead><tbody>\n`;
  for (const [i, row] of rows.entries()) {
    const { time, interval, rate } = timeCells(row);
    const { judged, warnings } = row;
    const cells = [
      time,
      interval,
      ...(hasRate ? [rate] : []),
      ...(compared ? [judged ? changeWithInterval(judged) : ''] : []),
    ];
    const marks =
      warnings.length === 0
        ? ''
        : ` <span class="soft">(${warnings.length} ${warnings.length === 1 ? 'warning' : 'warnings'})</span>`;
    const verdict = judged
      ? `<td class="left ${judged.verdict.replace(' ', '-')}">${verdictText(judged.verdict)}${judged.basis ? ` <span class="soft">${escapeXml(judged.basis)}</span>` : ''}</td>`
      : compared
        ? '<td class="left soft">not compared</td>'
        : '';
    yield `<tr data-title="${escapeXml(row.id.title)}"><td><a href="#b${i}">${escapeXml(row.id.title)}</a>${marks}</td>${cells.map((cell) => `<td>${escapeXml(cell)}</td>`).join('')}${verdict}</tr>\n`;
  }
  yield '</tbody></table></div>\n';
}

function* groupBody(group: string, rows: readonly ReportRow[]): Iterable<string> {
  const plots = groupPlots(group, rows);
  if (plots.length > 0) yield `<div class="plots">\n${plots.map((plot) => plotElement(plot)).join('')}</div>\n`;
}

function benchmarkBody(benchmark: ReportedBenchmark, row: ReportRow): string {
  const { single, compared } = benchmarkPlots(benchmark);
  const parts = [warningsList(row.warnings)];
  if (row.judged) parts.push(verdictLine(row));
  parts.push(estimatesTable(benchmark, row));
  if (single.length > 0) parts.push(`<div class="plots">\n${single.map((plot) => plotElement(plot)).join('')}</div>\n`);
  if (compared.length > 0) {
    parts.push(
      `<h3>Compared with the run before</h3>\n<div class="plots">\n${compared.map((plot) => plotElement(plot)).join('')}</div>\n`,
    );
  }
  return parts.join('');
}

function warningsList(warnings: readonly string[]): string {
  if (warnings.length === 0) return '';
  return `<ul class="warnings">${warnings.map((text) => `<li>${escapeXml(text)}</li>`).join('')}</ul>\n`;
}

function verdictLine({ judged }: ReportRow): string {
  const { verdict, basis } = judged!;
  const words = [changeWithInterval(judged!), basis].filter(Boolean).join(', ');
  return `<p><span class="${verdict.replace(' ', '-')}">${verdictText(verdict)}</span>${words === '' ? '' : ` <span class="soft">${escapeXml(words)}</span>`}</p>\n`;
}

function estimatesTable({ analysis, throughput }: ReportedBenchmark, { estimates, unit }: ReportRow): string {
  const row = (name: string, cells: readonly [string, string, string]): string =>
    `<tr><td>${name}</td>${cells.map((cell) => `<td>${escapeXml(cell)}</td>`).join('')}</tr>`;
  const ofEstimate = (estimate: Estimate): readonly [string, string, string] => [
    valueText(estimate.lower, unit),
    valueText(estimate.point, unit),
    valueText(estimate.upper, unit),
  ];
  const { mean, median, std_dev, median_abs_dev, slope } = estimates;
  const typical = slope ?? mean;
  const rows: string[] = [];
  if (slope) rows.push(row('Slope', ofEstimate(slope)));
  if (throughput && typical) {
    rows.push(
      row('Throughput', [
        rateText(throughput, typical.upper),
        rateText(throughput, typical.point),
        rateText(throughput, typical.lower),
      ]),
    );
  }
  const r2 = analysis?.r2;
  if (r2) rows.push(row('R²', [r2.lower.toFixed(6), r2.point.toFixed(6), r2.upper.toFixed(6)]));
  if (mean) rows.push(row('Mean', ofEstimate(mean)));
  if (std_dev) rows.push(row('Std. dev.', ofEstimate(std_dev)));
  if (median) rows.push(row('Median', ofEstimate(median)));
  if (median_abs_dev) rows.push(row('MAD', ofEstimate(median_abs_dev)));
  if (rows.length === 0) return '<p class="soft">nothing is known of it</p>\n';
  const outliers = analysis ? outlierWords(analysis.outliers, analysis.averages.length) : '';
  return `<div class="scroll"><table class="estimates"><thead><tr><th></th><th>Lower bound</th><th>Estimate</th><th>Upper bound</th></tr></thead><tbody>\n${rows.join('\n')}\n</tbody></table></div>\n${outliers}`;
}

function outlierWords(outliers: Readonly<Record<string, number>>, samples: number): string {
  const found = Object.entries(outliers).filter(([, count]) => count > 0);
  const words =
    found.length === 0 ? 'no outliers' : `outliers: ${found.map(([label, count]) => `${count} ${label}`).join(', ')}`;
  return `<p class="soft">${samples} samples, ${words}</p>\n`;
}
