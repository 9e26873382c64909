import { UserError } from '../../errors.ts';
import type { HeapHistory } from '../../profile/heap-history.ts';
import { chartHtml } from '../../render/heap/chart-html.ts';
import { chartSvg } from '../../render/heap/chart-svg.ts';
import type { MassifCommandOptions } from './options.ts';

/**
 * The heap over time as a picture or a page.
 * @param format `svg` or `html`
 * @throws {UserError} the snapshots are no course of time
 */
export function drawHeapChart(format: string, history: HeapHistory, { title }: MassifCommandOptions): Iterable<string> {
  if (history.events.size > 0) {
    throw new UserError('a report of --xtree-memory has no course of time to draw', {
      hint: '--flame draws one of its snapshots',
    });
  }
  const options = title === undefined ? {} : { title };
  return format === 'html' ? chartHtml(history, options) : chartSvg(history, options);
}
