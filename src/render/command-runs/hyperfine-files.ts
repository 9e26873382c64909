import type { CommandSummary } from '../../bench/commands/summary.ts';
import { inUnit, type TimeUnit, tableUnit } from './time-unit.ts';

/** Files as `hyperfine --export-...` writes them, so that what reads those reads ours. Times in files of data are seconds. */

/** @param time nanoseconds */
const seconds = (time: number): number => time / 1e9;

/** What has runs: hyperfine knows no results without any. */
const measured = (summaries: readonly CommandSummary[]): readonly CommandSummary[] =>
  summaries.filter(({ runs }) => runs.length > 0);

/** `--export-json`: one object with `results`, times of all runs among them. */
export function hyperfineJson(summaries: readonly CommandSummary[]): string {
  const results = measured(summaries).map((summary) => {
    const { command, wall, runs, times } = summary;
    const memory = runs.map(({ maxRss }) => maxRss);
    return {
      command: command.name,
      mean: seconds(wall.mean),
      stddev: runs.length > 1 ? seconds(wall.deviation) : null,
      median: seconds(wall.median),
      user: seconds(summary.user),
      system: seconds(summary.system),
      min: seconds(wall.min),
      max: seconds(wall.max),
      times: [...times].map(seconds),
      ...(memory.some(Number.isNaN) ? {} : { memory_usage_byte: memory }),
      exit_codes: runs.map(({ exitCode }) => exitCode),
      ...(command.parameters.size === 0 ? {} : { parameters: Object.fromEntries(command.parameters) }),
    };
  });
  return `${JSON.stringify({ results }, null, 2)}\n`;
}

/** `--export-csv`: one line a command, a column for each parameter. */
export function hyperfineCsv(summaries: readonly CommandSummary[]): string {
  const shown = measured(summaries);
  const parameters = [...new Set(shown.flatMap(({ command }) => [...command.parameters.keys()]))];
  const head = ['command', 'mean', 'stddev', 'median', 'user', 'system', 'min', 'max'];
  const lines = shown.map(({ command, wall, user, system, runs }) => {
    const times = [
      wall.mean,
      runs.length > 1 ? wall.deviation : undefined,
      wall.median,
      user,
      system,
      wall.min,
      wall.max,
    ];
    return [
      command.name,
      ...times.map((time) => (time === undefined ? '' : String(seconds(time)))),
      ...parameters.map((name) => command.parameters.get(name) ?? ''),
    ];
  });
  return [[...head, ...parameters.map((name) => `parameter_${name}`)], ...lines]
    .map((cells) => `${cells.map(csvCell).join(',')}\n`)
    .join('');
}

/** RFC 4180; unlike tables for people these are read by scripts, so texts stay what they are. */
function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One cell of a table with its header. */
interface Table {
  readonly head: readonly string[];
  readonly rows: readonly { readonly command: string; readonly cells: readonly string[] }[];
}

/**
 * How much longer each takes than the fastest, or than the reference; the spread of that ratio as hyperfine has it: of
 * single runs, not of the means.
 */
function tableOf(summaries: readonly CommandSummary[], unit: TimeUnit | undefined, reference?: CommandSummary): Table {
  const shown = measured(summaries);
  const fastest = shown.reduce<CommandSummary | undefined>(
    (best, summary) => (best === undefined || summary.wall.mean < best.wall.mean ? summary : best),
    undefined,
  );
  const base = reference !== undefined && reference.runs.length > 0 ? reference : fastest;
  const scale = unit ?? tableUnit(shown[0]?.wall.mean ?? 0);
  const column = (title: string): string => `${title} [${scale.short}]`;
  return {
    head: ['Command', column('Mean'), column('Min'), column('Max'), 'Relative'],
    rows: shown.map((summary) => ({
      command: summary.command.name,
      cells: [
        plusMinus(inUnit(summary.wall.mean, scale), inUnit(summary.wall.deviation, scale), summary.runs.length),
        inUnit(summary.wall.min, scale),
        inUnit(summary.wall.max, scale),
        relative(summary, base!),
      ],
    })),
  };
}

function plusMinus(value: string, deviation: string, runs: number): string {
  return runs > 1 ? `${value} ± ${deviation}` : value;
}

function relative(summary: CommandSummary, base: CommandSummary): string {
  const ratio = summary.wall.mean / base.wall.mean;
  if (summary === base) return '1.00';
  const spread = (of: CommandSummary): number => of.wall.deviation / of.wall.mean;
  const deviation = ratio * Math.hypot(spread(summary), spread(base));
  return Number.isFinite(deviation) ? `${ratio.toFixed(2)} ± ${deviation.toFixed(2)}` : ratio.toFixed(2);
}

type TableWriter = (summaries: readonly CommandSummary[], unit?: TimeUnit, reference?: CommandSummary) => string;

/** `--export-markdown`. */
export const hyperfineMarkdown: TableWriter = (summaries, unit, reference) => {
  const { head, rows } = tableOf(summaries, unit, reference);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  const code = (text: string): string => `\`${oneLine(text).replaceAll('|', '\\|')}\``;
  return `${line(head)}|:---|---:|---:|---:|---:|\n${rows.map(({ command, cells }) => line([code(command), ...cells])).join('')}`;
};

/** `--export-asciidoc`. */
export const hyperfineAsciidoc: TableWriter = (summaries, unit, reference) => {
  const { head, rows } = tableOf(summaries, unit, reference);
  const block = (cells: readonly string[]): string => cells.map((cell) => `| ${cell} \n`).join('');
  const code = (text: string): string => `\`${oneLine(text).replaceAll('|', '\\|')}\``;
  const body = rows.map(({ command, cells }) => `\n${block([code(command), ...cells])}`).join('');
  return `[cols="<,>,>,>,>"]\n|===\n${block(head)}${body}|===\n`;
};

/** `--export-orgmode`. */
export const hyperfineOrg: TableWriter = (summaries, unit, reference) => {
  const { head, rows } = tableOf(summaries, unit, reference);
  const line = (cells: readonly string[]): string => `| ${cells.join(' |  ')} |\n`;
  const code = (text: string): string => `=${oneLine(text).replaceAll('|', '\\vert{}')}=`;
  const [first, ...others] = head;
  const body = rows.map(({ command, cells }) => line([`${code(command)} `, ...cells])).join('');
  return `${line([`${first} `, ...others])}|--+--+--+--+--|\n${body}`;
};

/** A row is a line in all of these. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ');
}
