import { UserError } from '../../errors.ts';
import { judgedLatency } from '../../load/thresholds.ts';
import { percentileSpectrum } from '../../render/load/hgrm.ts';
import { loadHtml } from '../../render/load/load-html.ts';
import { loadJsonText } from '../../render/load/load-json.ts';
import type { LoadReport } from '../../render/load/load-report.ts';
import { loadSvg } from '../../render/load/load-svg.ts';
import { loadText } from '../../render/load/load-text.ts';

/** Whether there is anything that a picture or a percentile file could show; text and JSON tell of nothing, too. */
export function isDrawable(format: string, { result }: LoadReport): boolean {
  return format === 'json' || format === 'text' || judgedLatency(result).histogram?.count !== 0;
}

/**
 * A report in one of the formats of `load`.
 * @param detailed text: with the whole spectrum of percentiles
 * @throws {UserError} the result, of another tool, has not what the format needs
 */
export function drawLoad(format: string, report: LoadReport, detailed: boolean): Iterable<string> {
  if (format === 'json') return [loadJsonText(report)];
  if (format === 'text') return loadText(report, detailed);
  const { histogram } = judgedLatency(report.result);
  if (histogram === undefined) {
    throw new UserError(`a result of ${report.result.engine} holds single percentiles only`, {
      hint: 'text and json can be written of it',
    });
  }
  if (format === 'svg') return loadSvg(report.result);
  if (format === 'html') return loadHtml(report);
  return percentileSpectrum(histogram);
}
