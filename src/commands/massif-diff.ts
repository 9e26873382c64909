import { EXIT, UserError } from '../errors.ts';
import { openOutput } from '../output.ts';
import { type HeapDiff, heapDiff } from '../profile/heap-diff.ts';
import type { HeapHistory } from '../profile/heap-history.ts';
import { formatValue } from '../profile/units.ts';
import { heapDiffHtml } from '../render/heap/chart-html.ts';
import { heapDiffSvg } from '../render/heap/diff-chart.ts';
import { heapDiffTable } from '../render/heap/diff-table.ts';
import { textLook } from '../terminal/text-look.ts';
import type { Call } from './command.ts';
import { guarded } from './guarded.ts';
import { type MassifCommandOptions, RECORDING_OPTIONS, VIEW_FORMATS } from './massif-options.ts';
import { readHistory } from './massif-views.ts';
import { formatOfName } from './result-format.ts';

/** Two recordings of the heap against each other: sizes, who allocated more or less, both charts. */
export function diffMassif(call: Call, before: string, after: string, options: MassifCommandOptions): Promise<number> {
  const { world, shared, program } = call;
  if (program !== undefined) throw new UserError('massif diff runs no program', { hint: 'record both sides first' });
  if (typeof options.snapshot === 'number') {
    throw new UserError('a snapshot of one side has no counterpart', { hint: 'give --snapshot peak, or none' });
  }
  if (options.flame || options.msPrint || RECORDING_OPTIONS.some((name) => options[name] !== undefined)) {
    throw new UserError('massif diff compares two files: it has no --flame, --ms-print and options for recording', {
      hint: `pforge-prof diff --no-normalize ${before} ${after} draws the difference as a flame graph`,
    });
  }
  const format = options.format ?? formatOfName(options.output, VIEW_FORMATS) ?? (shared.json ? 'json' : 'text');
  if (!VIEW_FORMATS.some(({ id }) => id === format)) {
    throw new UserError(`the difference of two heaps cannot be written as ${format}`, {
      hint: `formats are ${VIEW_FORMATS.map(({ id }) => id).join(', ')}`,
    });
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
    const json = `${JSON.stringify(asJson(diff, names), null, 2)}\n`;
    const chunks =
      format === 'json'
        ? [json]
        : format === 'svg'
          ? heapDiffSvg(diff, names)
          : format === 'html'
            ? heapDiffHtml(diff, names)
            : [heapDiffTable(diff, { width, color, ...limit })];
    const size = await output.write(chunks);
    if (!output.isStdout) progress.say(`wrote ${output.name} (${Math.ceil(size / 1024)} KiB)`);
    if (shared.json && format !== 'json') await openOutput('-', world).write([json]);
    return gate(diff, options.failIfPeakGrows, progress.say);
  });
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
