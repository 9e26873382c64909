import { UserError } from '../../errors.ts';
import { openOutput } from '../../output.ts';
import type { CounterRuns } from '../../profile/counters/counter-runs.ts';
import { countersCsv } from '../../render/counters/counters-csv.ts';
import { countersJson } from '../../render/counters/counters-json.ts';
import { countersMarkdown } from '../../render/counters/counters-md.ts';
import { type CountersTextOptions, countersText } from '../../render/counters/counters-text.ts';
import { seriesChartSvg } from '../../render/counters/series-chart-svg.ts';
import { textLook } from '../../terminal/text-look.ts';
import type { Call } from '../command.ts';
import { formatOfName } from '../options/result-format.ts';
import { wrote } from '../wrote.ts';

export const COUNTER_FORMATS = [
  { id: 'text', extension: 'txt' },
  { id: 'md', extension: 'md' },
  { id: 'json', extension: 'json' },
  { id: 'csv', extension: 'csv' },
  { id: 'svg', extension: 'svg' },
] as const;
type CounterFormat = (typeof COUNTER_FORMATS)[number]['id'];

/** Where the result goes; names as commander makes them. */
export interface ShowOptions {
  readonly output?: string;
  readonly format?: CounterFormat;
  readonly color?: boolean;
}

/** Takes what was counted; returns a line that says where it went, undefined where the person sees it. */
export type Show = (runs: CounterRuns, program: string) => Promise<string | undefined>;

/**
 * Checks where the result can go, before anything is counted. Text goes to standard error where a program has run, as
 * that of perf stat does: standard output is the program's.
 * @throws {UserError} it cannot be written there; --json and --format contradict each other
 */
export function openShow(call: Call, options: ShowOptions): Show {
  const { world } = call;
  const { output: path } = options;
  const format = checkFormat(call, options);
  const toStderr = path === undefined && format === 'text' && call.program !== undefined;
  const output = openOutput(path ?? '-', toStderr ? { ...world, stdout: world.stderr } : world);
  return async (runs, program) => {
    const look = textLook(toStderr ? { ...world, stdout: world.stderr } : world, output.isStdout, options.color);
    const bytes = await output.write(drawn(runs, format, { ...look, program }));
    return output.isStdout ? undefined : wrote(output, bytes);
  };
}

/** @throws {UserError} --json and --format contradict each other */
export function checkFormat({ shared }: Call, { format: asked, output: path }: ShowOptions): CounterFormat {
  if (shared.json && asked !== undefined && asked !== 'json') {
    throw new UserError(`--json and --format ${asked} contradict each other`);
  }
  if (shared.json) return 'json';
  return asked ?? (formatOfName(path, COUNTER_FORMATS) as CounterFormat | undefined) ?? 'text';
}

function drawn(runs: CounterRuns, format: CounterFormat, options: CountersTextOptions): Iterable<string> {
  switch (format) {
    case 'text':
      return [countersText(runs, options)];
    case 'md':
      return countersMarkdown(runs, options.program);
    case 'csv':
      return countersCsv(runs);
    case 'svg':
      if (runs.series.length === 0) throw noSeries();
      return seriesChartSvg(runs);
    case 'json':
      return [`${JSON.stringify(countersJson(runs), null, 2)}\n`];
  }
}

function noSeries(): UserError {
  return new UserError('there is nothing over time to draw', {
    hint: 'give -I MS to count in intervals; perf stat -I writes outputs that have them',
  });
}
