import type { CounterRow } from '../../profile/counters/counter-row.ts';
import { FormatError, type Input } from '../format.ts';
import type { SkippedLines } from '../text/skipped-lines.ts';
import { csvRow, type MetricLine } from './csv.ts';
import { jsonRow } from './json-lines.ts';
import type { Layout } from './layout.ts';
import { isEmpty, newRun, type SavedRun, standsAlone } from './saved-run.ts';

/** `perf stat -I --summary -x`: until perf 5.12, and with --no-csv-summary, without the word. */
const SUMMARY = /^\s*summary/;

/** Reads `perf stat -x` and `-j`: several runs behind each other, and intervals with their summary, told apart. */
export class MachineOutput {
  private readonly skipped: SkippedLines;
  private readonly layout: Extract<Layout, { kind: 'json' | 'csv' }>;
  private readonly finished: SavedRun[] = [];
  private run = newRun();
  private time = Number.NEGATIVE_INFINITY;
  private number = 0;

  /** @throws {FormatError} the decimal sign is the separator */
  constructor(input: Input, skipped: SkippedLines, layout: Extract<Layout, { kind: 'json' | 'csv' }>) {
    this.skipped = skipped;
    this.layout = layout;
    if (layout.kind === 'json' || !layout.localised) return;
    const { separator } = layout;
    throw new FormatError(input, '', `its numbers have '${separator}' both as separator and as decimal sign`, AGAIN);
  }

  line(line: string): void {
    this.number++;
    if (line.startsWith('# started on ')) this.next();
    if (line.trim() === '' || line.startsWith('#')) return;
    const found = this.parse(line);
    if (found === undefined) this.skipped.add(this.number, line);
    else if ('event' in found) this.row(found, SUMMARY.test(line));
    else if (standsAlone(found.metric)) this.run.metrics.push(found.metric);
  }

  runs(): SavedRun[] {
    this.next();
    return this.finished;
  }

  private parse(line: string): CounterRow | MetricLine | undefined {
    if (this.layout.kind === 'json') return jsonRow(line);
    const { separator } = this.layout;
    const bare = SUMMARY.test(line) ? line.replace(SUMMARY, '').slice(separator.length) : line;
    // Words that hold the separator
    return csvRow(separator === ' ' ? bare.replace('<not ', '<not-') : bare, separator);
  }

  private row(row: CounterRow, summary: boolean): void {
    const { rows } = this.run;
    const timed = rows.length > 0 && rows[0]!.interval !== undefined;
    if (row.interval === undefined && (summary || timed)) {
      this.run.summary.push(row);
      return;
    }
    // `-I -r N`: the next repeat begins
    if ((row.interval ?? this.time) < this.time) this.next();
    this.time = row.interval ?? this.time;
    this.run.rows.push(row);
  }

  private next(): void {
    if (!isEmpty(this.run)) this.finished.push(this.run);
    this.run = newRun();
    this.time = Number.NEGATIVE_INFINITY;
  }
}

const AGAIN = "write it anew with another separator (perf stat -x ';'), or in the locale C (LC_ALL=C)";
