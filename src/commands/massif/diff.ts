import { EXIT, UserError } from '../../errors.ts';
import { openOutput } from '../../output.ts';
import { type HeapDiff, heapDiff } from '../../profile/heap-diff.ts';
import type { HeapHistory } from '../../profile/heap-history.ts';
import { formatValue } from '../../profile/units.ts';
import { heapDiffHtml } from '../../render/heap/chart-html.ts';
import { heapDiffSvg } from '../../render/heap/diff-chart.ts';
import { heapDiffTable } from '../../render/heap/diff-table.ts';
import { textLook } from '../../terminal/text-look.ts';
import type { Call } from '../command.ts';
import type { DiffFormat } from '../diff/options.ts';
import { guarded } from '../guarded.ts';
import { diffHeapFlame } from '../heap/diff-flame.ts';
import { formatOfName } from '../options/result-format.ts';
import { wrote } from '../wrote.ts';
import { type MassifCommandOptions, RECORDING_OPTIONS, VIEW_FORMATS } from './options.ts';
import { readHistory } from './views.ts';

/** Two recordings of the heap against each other: sizes, who allocated more or less, both charts. */
export function diffMassif(call: Call, before: string, after: string, options: MassifCommandOptions): Promise<number> {
  const { world, shared, program } = call;
  if (program !== undefined) throw new UserError('massif diff runs no program', { hint: 'record both sides first' });
  if (typeof options.snapshot === 'number') {
    throw new UserError('a snapshot of one side has no counterpart', { hint: 'give --snapshot peak, or none' });
  }
  checkOptions(options);
  if (options.flame) return diffFlame(call, before, after, options);
  const format = options.format ?? formatOfName(options.output, VIEW_FORMATS) ?? (shared.json ? 'json' : 'text');
  if (!VIEW_FORMATS.some(({ id }) => id === format)) {
    throw new UserError(`the difference of two heaps cannot be written as ${format}`, {
      hint: `formats are ${VIEW_FORMATS.map(({ id }) => id).join(', ')}`,
    });
  }
  if (options.title !== undefined && format !== 'svg' && format !== 'html') {
    throw new UserError(`--title is for pictures: ${format} has none`);
  }
  const output = openOutput(options.output ?? '-', world);
  if (shared.json && format !== 'json' && output.isStdout) {
    throw new UserError(`--json and --format ${format} contradict each other`);
  }
  return guarded(call, async (progress) => {
    const sides: HeapHistory[] = [];
    for (const path of [before, after]) sides.push((await readHistory(path, options, world, false)).file.history);
    const diff = heapDiff(sides[0]!, sides[1]!, options.snapshot ?? 'largest');
    const { width, color } = textLook(world, output.isStdout, options.color);
    const limit = options.limit === undefined ? {} : { limit: options.limit };
    const names = { before, after };
    const chart = { ...names, ...(options.title === undefined ? {} : { title: options.title }) };
    const json = `${JSON.stringify(asJson(diff, names), null, 2)}\n`;
    const chunks =
      format === 'json'
        ? [json]
        : format === 'svg'
          ? heapDiffSvg(diff, chart)
          : format === 'html'
            ? heapDiffHtml(diff, chart)
            : [heapDiffTable(diff, { width, color, ...limit })];
    const size = await output.write(chunks);
    if (!output.isStdout) progress.say(wrote(output, size));
    if (shared.json && format !== 'json') await openOutput('-', world).write([json]);
    return gate(diff, options.failIfPeakGrows, progress.say);
  });
}

/** What says how ms_print or a recording is to be cannot be heeded. */
const NOT_OF_DIFF = [...RECORDING_OPTIONS, 'msPrint', 'threshold', 'x', 'y', 'fullNames'] as const;

function checkOptions(options: MassifCommandOptions): void {
  const foreign = NOT_OF_DIFF.find((name) => options[name] !== undefined);
  if (foreign === undefined) return;
  const option = `--${foreign.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw new UserError(`massif diff has no ${option}: it compares two files, and prints no text of ms_print`);
}

/** Both peaks in one flame graph, by bytes. */
async function diffFlame(call: Call, before: string, after: string, options: MassifCommandOptions): Promise<number> {
  const { output, format, title, color, snapshot, limit } = options;
  const sides: HeapHistory[] = [];
  for (const path of [before, after]) sides.push((await readHistory(path, options, call.world, false)).file.history);
  const code = await diffHeapFlame(call, before, after, {
    ...(output === undefined ? {} : { output }),
    ...(format === undefined ? {} : { format: format as DiffFormat }),
    ...(title === undefined ? {} : { title }),
    ...(color === undefined ? {} : { color }),
    ...(snapshot === undefined ? {} : { snapshot }),
    ...(limit === undefined ? {} : { top: limit }),
  });
  const diff = heapDiff(sides[0]!, sides[1]!, snapshot ?? 'largest');
  const say = (line: string): void => {
    call.world.stderr.write(`pforge-prof: ${line}\n`);
  };
  return gate(diff, options.failIfPeakGrows, say) || code;
}

function asJson({ peak, maximum, end, sites }: HeapDiff, names: { before: string; after: string }): object {
  return {
    ...names,
    unit: 'bytes',
    peak,
    maximum,
    end,
    sites: sites.map(({ site, before, after }) => ({
      name: site.name,
      file: site.file ?? '',
      module: site.module ?? '',
      before,
      after,
      delta: after - before,
    })),
  };
}

/** The true maximum counts: massif may have marked no peak. */
function gate({ maximum }: HeapDiff, percent: number | undefined, say: (line: string) => void): number {
  if (percent === undefined) return EXIT.ok;
  const { before = 0, after = 0 } = maximum;
  const failed = after > before * (1 + percent / 100);
  const words = `the heap at its largest: ${formatValue(before, 'bytes')} before, ${formatValue(after, 'bytes')} after`;
  say(`${failed ? 'failed' : 'passed'}: ${words}; ${percent}% more is allowed`);
  return failed ? EXIT.gateFailed : EXIT.ok;
}
