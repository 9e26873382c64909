import { bootstrapPlots, changePlots } from './bootstrap-plots.ts';
import { bothPdfPlot, pdfPlot, smallPdfPlot } from './pdf-plot.ts';
import type { Plot } from './plot.ts';
import type { ReportedBenchmark } from './report.ts';
import { bothSamplesPlot, samplePlot } from './sample-plots.ts';

/** The plots of one benchmark, as far as there are samples; named as Criterion names their files. */
export function benchmarkPlots({ analysis, comparison }: ReportedBenchmark): {
  readonly single: readonly Plot[];
  readonly compared: readonly Plot[];
} {
  if (analysis === undefined) return { single: [], compared: [] };
  return {
    single: [pdfPlot(analysis), samplePlot(analysis), ...bootstrapPlots(analysis)],
    compared:
      comparison === undefined
        ? []
        : [
            bothPdfPlot(analysis, comparison),
            bothSamplesPlot(analysis, comparison),
            ...changePlots(analysis, comparison),
          ],
  };
}

/** All files that are written of one benchmark. */
export function benchmarkFiles(benchmark: ReportedBenchmark): readonly Plot[] {
  const { single, compared } = benchmarkPlots(benchmark);
  return benchmark.analysis === undefined ? [] : [...single, smallPdfPlot(benchmark.analysis), ...compared];
}
