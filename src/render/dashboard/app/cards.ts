import { changeVerb } from '../../../history/change-words.ts';
import { visibleText } from '../../escape.ts';
import { element } from '../../html/app/dom.ts';
import { drawChart, SMALL_ROOM } from './chart.ts';
import type { ShownHistory, ShownSeries } from './history.ts';
import { changeWords, shortId, valueWords } from './words.ts';

/** A card for each series, drawn when it comes into sight. */
export interface Cards {
  readonly grid: HTMLElement;
  /** @returns how many are shown */
  show(isShown: (series: ShownSeries) => boolean): number;
  redraw(): void;
}

export function cardsOf(history: ShownHistory, open: (series: ShownSeries) => void): Cards {
  const several = new Set(history.series.map(({ about }) => about.machine)).size > 1;
  const grid = element('div', { class: 'cards', role: 'list' });
  const drawn = new Map<Element, ShownSeries>();
  const seriesOf = new Map<Element, ShownSeries>();
  const draw = (card: Element, series: ShownSeries): void =>
    drawChart(card.querySelector('canvas')!, series, SMALL_ROOM);
  const sight = new IntersectionObserver(
    (changes) => {
      for (const { target, isIntersecting } of changes) {
        if (!isIntersecting) drawn.delete(target);
        else if (!drawn.has(target)) {
          drawn.set(target, seriesOf.get(target)!);
          draw(target, seriesOf.get(target)!);
        }
      }
    },
    { rootMargin: '200px' },
  );
  for (const series of history.series) {
    const card = cardOf(series, history, several);
    card.querySelector('button')!.addEventListener('click', () => open(series));
    seriesOf.set(card, series);
    grid.append(card);
    sight.observe(card);
  }
  return {
    grid,
    show(isShown) {
      let count = 0;
      for (const [card, series] of seriesOf) {
        const shown = isShown(series);
        (card as HTMLElement).hidden = !shown;
        if (shown) count++;
      }
      return count;
    },
    redraw() {
      for (const [card, series] of drawn) draw(card, series);
    },
  };
}

function cardOf(series: ShownSeries, { commits }: ShownHistory, several: boolean): HTMLElement {
  const { about, title, values } = series;
  const last = about.changes.at(-1);
  const change =
    last === undefined
      ? undefined
      : element(
          'span',
          { class: last.verdict },
          `${changeVerb(last)} ${changeWords(last.change)} since ${shortId(commits[series.commits[last.at]!]!)}`,
        );
  return element(
    'div',
    { class: 'card', role: 'listitem' },
    element(
      'button',
      { type: 'button' },
      element('span', { class: 'name', title: visibleText(title) }, visibleText(title)),
      element(
        'span',
        { class: 'facts' },
        element('strong', {}, valueWords(values.at(-1)!, about.unit)),
        change ?? element('span', { class: 'soft' }, `${values.length} ${values.length === 1 ? 'run' : 'runs'}`),
      ),
      several ? element('span', { class: 'soft machine' }, visibleText(about.machine)) : undefined,
      element('canvas', { 'aria-hidden': 'true' }),
    ),
  );
}
