import { FormatError, type Input } from '../format.ts';
import type { SkippedLines } from '../text/skipped-lines.ts';
import { tableMetrics } from './metric-table.ts';
import { isEmpty, newRun, type SavedRun, standsAlone } from './saved-run.ts';
import { decimalSign, NUMBER, plainNumber } from './text-numbers.ts';
import { rowOfText, type TextRow, textMetric, textRow } from './text-row.ts';

/** `Performance counter stats for './app 1000' (5 runs):`; the command stands there unquoted, whatever it holds. */
const TITLE =
  /^\s*Performance counter stats for (?:'(.*)'|(process id|thread id) '(.*)'|'(.*)|(\S.*?))(?: \((\d+) runs\))?:\s*$/;
const INTERVAL_TITLE = /^#\s+time(?:\s|$)/;
const STARTED = /^# started on /;
const ELAPSED =
  /^\s*(\d+[.,]\d+)\s*(?:\+-\s*\d+[.,]\d+\s*)?seconds time elapsed(?:\s*\(\s*\+-\s*(\d+[.,]\d+)\s*%\s*\))?\s*$/;
/** perf of 2008 and 2009. */
const OLD_ELAPSED = /^\s*Wall-clock time elapsed:\s*(\d+[.,]\d+) msecs\s*$/;
const CPU_TIME = /^\s*(\d+[.,]\d+) seconds (user|sys)\s*$/;
const OF_REPEAT = /^\s*(\d+[.,]\d+) \([-+]\d+[.,]\d+\) #/;
/** What perf itself says between the rows. */
const CHATTER =
  /^(?:#|\s*# (?:Table of|Final result)|\s*$|\s*(?:Some events weren't counted|The events in group|echo \d > \/proc|perf stat \.\.\.|Events enabled|Events disabled))/;
const NOT_A_ROW = new RegExp(`^\\s*${NUMBER}\\s`);
/** Rows are some hundred characters; metric tables, which have other patterns, may be longer. */
const LONGEST_ROW = 2_000;

/**
 * Reads what `perf stat` prints for people, in any version and locale, whatever else stands in the file: a program's
 * own messages before and after its counters, several runs behind each other.
 */
export class TextOutput {
  private readonly input: Input;
  private readonly skipped: SkippedLines;
  private readonly finished: SavedRun[] = [];
  private run = newRun();
  private rows: { row: TextRow; summary: boolean }[] = [];
  /** `outside`: text of the program; `intervals`: after `# time counts unit events`; `counters`: after a title. */
  private place: 'outside' | 'intervals' | 'counters' | 'ended' = 'outside';
  private header: string | undefined;
  private number = 0;
  private sign: { readonly sign: '.' | ','; readonly line: number } | undefined;

  constructor(input: Input, skipped: SkippedLines) {
    this.input = input;
    this.skipped = skipped;
  }

  line(line: string): void {
    this.number++;
    const title = TITLE.exec(line);
    if (STARTED.test(line)) this.next();
    else if (title) this.title(title);
    else if (INTERVAL_TITLE.test(line)) this.intervals(line);
    else if (this.place !== 'outside' && !this.end(line) && !CHATTER.test(line)) this.inside(line);
  }

  /** To be called behind the last line. */
  runs(): SavedRun[] {
    this.next();
    return this.finished;
  }

  private title([, command, kind, id, cut, other, repeats]: RegExpExecArray): void {
    // `-I --summary`: the same run goes on
    const goesOn = this.place === 'intervals' && (this.rows.length > 0 || !isEmpty(this.run));
    if (!goesOn) this.next();
    this.place = 'counters';
    this.header = undefined;
    const words = command ?? cut ?? (id === undefined ? (other ?? '') : `${kind} ${id}`);
    const system = kind === undefined && /^(?:system wide|CPU\(s\) .*)$/.test(words);
    this.run.subject = { kind: kind !== undefined ? 'process' : system ? 'system' : 'command', words };
    if (repeats !== undefined) this.run.repeats = Number(repeats);
  }

  private intervals(line: string): void {
    if (this.place === 'counters' || this.place === 'ended') this.next();
    this.place = 'intervals';
    // `#           time             counts unit events`; with --metric-only the names of the metrics
    this.header = /\bcounts\b.*\bevents\s*$/.test(line) ? undefined : line;
  }

  private inside(line: string): void {
    // What a program says after its counters is no concern of ours
    if (this.place === 'ended') return;
    if (this.header !== undefined && this.metrics(line)) return;
    const row = line.length > LONGEST_ROW ? undefined : textRow(line);
    if (row !== undefined) this.row(row);
    else if (this.place === 'counters' && this.rows.length === 0 && !NOT_A_ROW.test(line)) this.header = line;
    else this.skipped.add(this.number, line);
  }

  /** @returns true for lines that stand below the counters */
  private end(line: string): boolean {
    const elapsed = ELAPSED.exec(line);
    const old = elapsed ? null : OLD_ELAPSED.exec(line);
    if (elapsed) {
      const [, value, variance] = elapsed;
      for (const text of [value, variance]) this.learn(text);
      this.run.elapsed = {
        value: plainNumber(value!),
        ...(variance === undefined ? {} : { variancePercent: plainNumber(variance) }),
      };
    } else if (old) {
      this.learn(old[1]);
      this.run.elapsed = { value: plainNumber(old[1]!) / 1e3 };
    }
    if (elapsed || old) {
      this.place = 'ended';
      return true;
    }
    const cpu = CPU_TIME.exec(line);
    const repeat = cpu ? null : OF_REPEAT.exec(line);
    if (cpu) {
      this.learn(cpu[1]);
      this.run[cpu[2] === 'user' ? 'user' : 'system'] = plainNumber(cpu[1]!);
    } else if (repeat) {
      this.learn(repeat[1]);
      this.run.elapsedOfRepeats.push(plainNumber(repeat[1]!));
    }
    return cpu !== null || repeat !== null;
  }

  private metrics(line: string): boolean {
    const header = this.header!;
    const timed = /^ *\d+\.\d{9}(?= |$)/.exec(line);
    // The title says `#           time ` where the rows have their time
    const start = timed ? timed[0].length : 0;
    const metrics = tableMetrics(header.slice(timed ? start : 0), line.slice(start));
    if (metrics === undefined) return /^ *\d+\.\d{9}\s*$/.test(line);
    for (const word of line.slice(start).match(/\d+[.,]\d+/g) ?? []) this.learn(word);
    this.run.metrics.push(...metrics);
    return true;
  }

  private row(row: TextRow): void {
    for (const plain of [row.variance, row.percentRunning, row.metric?.value]) this.learn(plain);
    this.rows.push({ row, summary: this.place === 'counters' && row.interval === undefined });
  }

  /** Numbers that never have groups show the decimal sign of the run. @throws {FormatError} both signs in one run */
  private learn(plain: string | undefined): void {
    const sign = plain === undefined ? undefined : decimalSign(plain);
    if (sign === undefined) return;
    this.sign ??= { sign, line: this.number };
    if (this.sign.sign === sign) return;
    throw new FormatError(
      this.input,
      `line ${this.number}`,
      `${plain} has its decimals behind '${sign}', line ${this.sign.line} behind '${this.sign.sign}'`,
      'the outputs of two locales stand in one run: read them one by one',
    );
  }

  private next(): void {
    const hasIntervals = this.rows.some(({ row }) => row.interval !== undefined);
    let time = Number.NEGATIVE_INFINITY;
    for (const { row, summary } of this.rows) {
      const metric = textMetric(row);
      if (row.value === undefined) {
        if (metric !== undefined && standsAlone(metric)) this.run.metrics.push(metric);
        continue;
      }
      const counted = rowOfText(row, this.sign?.sign);
      // `-I -r N`: the next repeat begins
      if ((counted.interval ?? time) < time) this.push();
      time = counted.interval ?? time;
      (summary && hasIntervals ? this.run.summary : this.run.rows).push(counted);
    }
    this.push();
    this.rows = [];
    this.place = 'outside';
    this.header = undefined;
    this.sign = undefined;
  }

  private push(): void {
    if (!isEmpty(this.run)) this.finished.push(this.run);
    this.run = newRun();
  }
}
