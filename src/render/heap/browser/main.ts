import { formatValue } from '../../../profile/units.ts';
import { CHART, type ChartData } from '../chart-data.ts';
import { momentText, shareText } from '../moment.ts';

/** The chart's script: points at snapshots, tells their numbers in the legend, lifts one band out. */

const SVG = 'http://www.w3.org/2000/svg';
for (const root of document.querySelectorAll<SVGSVGElement>(`svg.${CHART.root}`)) bringToLife(root);

function bringToLife(root: SVGSVGElement): void {
  const text = root.querySelector(`.${CHART.data}`)?.textContent;
  const plot = root.querySelector<SVGGElement>(`.${CHART.plot}`);
  const moment = root.querySelector(`.${CHART.moment}`);
  if (!text || plot === null || moment === null) return;
  const data = JSON.parse(text) as ChartData;
  const { x, bands, number, time, detail, home, timeUnit, height } = data;
  const rows = [...root.querySelectorAll<SVGGElement>(`.${CHART.row}`)];
  const cursor = document.createElementNS(SVG, 'path');
  cursor.setAttribute('class', CHART.cursor);
  plot.append(cursor);
  /** The snapshot that stays described; -1 = none was chosen. */
  let pinned = -1;
  let shown = home;

  const show = (snapshot: number, pointed: boolean): void => {
    shown = snapshot;
    const total = bands.reduce((sum, band) => sum + band[snapshot]!, 0);
    moment.textContent = momentText(number[snapshot]!, time[snapshot]!, timeUnit, total, detail[snapshot]!);
    for (const row of rows) {
      const bytes = bands[Number(row.dataset.band)]![snapshot]!;
      row.querySelector(`.${CHART.bytes}`)!.textContent = formatValue(bytes, 'bytes');
      row.querySelector(`.${CHART.share}`)!.textContent = shareText(bytes, total);
    }
    cursor.setAttribute('d', pointed ? `M${x[snapshot]} 0V${height}` : '');
  };
  const rest = (): void => show(pinned < 0 ? home : pinned, pinned >= 0);
  const nearest = (event: MouseEvent): number => {
    const matrix = plot.getScreenCTM();
    if (matrix === null) return home;
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse()).x;
    let best = 0;
    for (let i = 1; i < x.length; i++) if (Math.abs(x[i]! - at) < Math.abs(x[best]! - at)) best = i;
    return best;
  };
  const choose = (band: string | undefined): void => {
    root.classList.toggle('chosen', band !== undefined);
    for (const element of root.querySelectorAll<SVGElement>(`.${CHART.band}, .${CHART.row}`)) {
      element.classList.toggle('on', element.dataset.band === band);
    }
  };

  plot.addEventListener('pointermove', (event) => show(nearest(event), true));
  plot.addEventListener('pointerleave', rest);
  plot.addEventListener('click', (event) => {
    const snapshot = nearest(event);
    pinned = pinned === snapshot ? -1 : snapshot;
    show(snapshot, true);
  });
  plot.addEventListener('keydown', (event) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (event.key === 'Escape') {
      pinned = -1;
      rest();
    } else if (step !== 0) {
      pinned = Math.min(x.length - 1, Math.max(0, shown + step));
      rest();
      event.preventDefault();
    }
  });
  for (const element of root.querySelectorAll<SVGElement>(`.${CHART.row}, .${CHART.band}`)) {
    element.addEventListener('pointerenter', () => choose(element.dataset.band));
    element.addEventListener('pointerleave', () => choose(undefined));
  }
  plot.setAttribute('tabindex', '0');
  plot.setAttribute('aria-label', 'heap over time: arrow keys step through the snapshots');
  root.classList.add('live');
}
