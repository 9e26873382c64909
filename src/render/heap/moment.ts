import { formatValue } from '../../profile/units.ts';
import { timeLabel } from './axis.ts';

const DETAIL_WORDS = ['shares estimated: no details were kept here', 'with details', 'marked as the peak'];

/** The line above the legend: which snapshot its numbers are of. */
export function momentText(number: number, time: number, timeUnit: string, total: number, detail: number): string {
  return `snapshot ${number}  ·  ${timeLabel(time, timeUnit)}  ·  ${formatValue(total, 'bytes')}  ·  ${DETAIL_WORDS[detail]}`;
}

export function shareText(part: number, whole: number): string {
  return whole === 0 ? '' : `${((100 * part) / whole).toFixed(1)}%`;
}
