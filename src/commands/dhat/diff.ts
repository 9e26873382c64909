import { EXIT, UserError } from '../../errors.ts';
import { openOutput } from '../../output.ts';
import { type AllocationDiff, allocationDiff } from '../../profile/allocation-diff.ts';
import { type AllocationPoints, METRICS, titleOf, totalOf } from '../../profile/allocation-points.ts';
import { allocationDiffTable } from '../../render/dhat/diff-table.ts';
import { amount } from '../../render/dhat/totals-text.ts';
import { textLook } from '../../terminal/text-look.ts';
import type { Call } from '../command.ts';
import type { DiffFormat } from '../diff/options.ts';
import { guarded } from '../guarded.ts';
import { diffHeapFlame, HEAP_DIFF_FORMATS } from '../heap/diff-flame.ts';
import { formatOfName } from '../options/result-format.ts';
import { wrote } from '../wrote.ts';
import { type DhatCommandOptions, RECORDING_OPTIONS } from './options.ts';
import { metricOf, readPoints } from './views.ts';

/** Two recordings of dhat against each other: totals and who allocated more or less, or one flame graph of both. */
export async function diffDhat(
  call: Call,
  before: string,
  after: string,
  options: DhatCommandOptions,
): Promise<number> {
  const { world, shared } = call;
  checkUsage(call, options);
  const { flame, output: path, title, color, limit } = options;
  const asked = options.format ?? formatOfName(path, HEAP_DIFF_FORMATS);
  const drawn = flame || (asked !== undefined && asked !== 'text' && asked !== 'json');
  if (drawn && asked !== undefined && !HEAP_DIFF_FORMATS.some(({ id }) => id === asked)) {
    throw new UserError(`the difference of two recordings cannot be written as ${asked}`, {
      hint: `formats are ${HEAP_DIFF_FORMATS.map(({ id }) => id).join(', ')}`,
    });
  }
  const output = openOutput(path ?? '-', world);
  return guarded(call, async (progress) => {
    const sides = { before: await readPoints(before, world), after: await readPoints(after, world) };
    const metric = metricOf(sides.before, options);
    metricOf(sides.after, options);
    checkAlike(sides.before, sides.after);
    if (drawn) {
      await diffHeapFlame(call, before, after, {
        eventFilter: METRICS.find(({ id }) => id === metric)!.type,
        ...(path === undefined ? {} : { output: path }),
        ...(asked === undefined ? {} : { format: asked as DiffFormat }),
        ...(title === undefined ? {} : { title }),
        ...(color === undefined ? {} : { color }),
        ...(limit === undefined ? {} : { top: limit }),
      });
      return gate(sides, metric, options.failIfGrows, progress.say);
    }
    const diff = allocationDiff(sides.before, sides.after, metric);
    const look = { ...textLook(world, output.isStdout, color), ...(limit === undefined ? {} : { limit }) };
    const isJson = shared.json || asked === 'json';
    const text = isJson
      ? `${JSON.stringify(asJson(diff, { before, after }, limit), null, 2)}\n`
      : allocationDiffTable(diff, sides.after, look);
    const size = await output.write([text]);
    if (!output.isStdout) progress.say(wrote(output, size));
    return gate(sides, metric, options.failIfGrows, progress.say);
  });
}

/** @throws {UserError} bytes against events, blocks against copies */
function checkAlike(before: AllocationPoints, after: AllocationPoints): void {
  if (before.verb === after.verb && before.units?.many === after.units?.many) return;
  throw new UserError(`the sides count different things: mode ${before.mode} and mode ${after.mode}`, {
    hint: 'record both in one mode',
  });
}

/** @throws {UserError} what compares nothing */
function checkUsage({ program, shared }: Call, options: DhatCommandOptions): void {
  if (program !== undefined) throw new UserError('dhat diff runs no program', { hint: 'record both sides first' });
  const foreign = options.tree ? '--tree' : options.dhView ? '--dh-view' : undefined;
  if (foreign !== undefined) throw new UserError(`dhat diff has no ${foreign}`, { hint: '--flame draws the callers' });
  if (options.minPercent !== undefined) throw new UserError('--min-percent goes with --tree');
  if (RECORDING_OPTIONS.some((name) => options[name] !== undefined)) {
    throw new UserError('dhat diff records nothing: it has no options for that');
  }
  if (shared.json && options.format !== undefined && options.format !== 'json') {
    throw new UserError(`--json and --format ${options.format} contradict each other`);
  }
}

function asJson(
  { metric, totals, sites }: AllocationDiff,
  names: { before: string; after: string },
  limit?: number,
): object {
  return {
    ...names,
    metric,
    totals: Object.fromEntries(totals.map(({ metric: id, ...sums }) => [id, sums])),
    sites: sites.slice(0, limit).map(({ site, ...sums }) => ({
      name: site.name,
      file: site.file ?? '',
      module: site.module ?? '',
      ...sums,
      delta: sums.after - sums.before,
    })),
  };
}

function gate(
  sides: { readonly before: AllocationPoints; readonly after: AllocationPoints },
  metric: AllocationDiff['metric'],
  percent: number | undefined,
  say: (line: string) => void,
): number {
  if (percent === undefined) return EXIT.ok;
  const [before, after] = [totalOf(sides.before, metric), totalOf(sides.after, metric)];
  const failed = after > before * (1 + percent / 100);
  const words = `${titleOf(sides.after, metric)}: ${amount(sides.before, metric, before)} before, ${amount(sides.after, metric, after)} after`;
  say(`${failed ? 'failed' : 'passed'}: ${words}; ${percent}% more is allowed`);
  return failed ? EXIT.gateFailed : EXIT.ok;
}
