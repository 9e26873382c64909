import { visibleText } from '../../escape.ts';
import { button, element } from '../../html/app/dom.ts';
import type { ShownHistory, ShownSeries } from './history.ts';
import { changeWords, shortId, valueWords } from './words.ts';

/** Two commits side by side: all series that have values of both. */
export function compareOf(
  { commits, series }: ShownHistory,
  isShown: (one: ShownSeries) => boolean,
): HTMLDialogElement {
  const choice = (label: string, chosen: number): HTMLSelectElement => {
    const made = element('select', { 'aria-label': label });
    for (const [i, commit] of commits.entries()) {
      const words = `${shortId(commit)} ${commit.time?.slice(0, 10) ?? ''} ${visibleText(commit.subject ?? '').slice(0, 60)}`;
      made.prepend(element('option', { value: i, selected: i === chosen }, words));
    }
    return made;
  };
  const before = choice('before', Math.max(0, commits.length - 2));
  const after = choice('after', commits.length - 1);
  const body = element('div', { class: 'scroll' });
  const show = (): void =>
    body.replaceChildren(comparison(series.filter(isShown), Number(before.value), Number(after.value)));
  before.addEventListener('change', show);
  after.addEventListener('change', show);
  show();
  const dialog = element(
    'dialog',
    { 'aria-label': 'Compare two commits' },
    element(
      'header',
      {},
      element('h2', {}, 'Compare two commits'),
      button({ class: 'push' }, 'Close', () => dialog.close()),
    ),
    element('p', { class: 'choices' }, before, ' → ', after),
    body,
  );
  dialog.addEventListener('close', () => dialog.remove());
  return dialog;
}

function comparison(series: readonly ShownSeries[], before: number, after: number): HTMLElement {
  const rows = series
    .map((one) => ({
      one,
      from: one.values[one.commits.lastIndexOf(before)],
      to: one.values[one.commits.lastIndexOf(after)],
    }))
    .filter(
      (row): row is { one: ShownSeries; from: number; to: number } => row.from !== undefined && row.to !== undefined,
    )
    .sort((a, b) => Math.abs(Math.log(b.to / b.from)) - Math.abs(Math.log(a.to / a.from)));
  if (rows.length === 0) return element('p', { class: 'soft' }, 'No benchmark has values of both.');
  const row = ({ one, from, to }: (typeof rows)[number]): HTMLElement => {
    const { unit, machine } = one.about;
    return element(
      'tr',
      {},
      element('td', { class: 'text' }, visibleText(one.title)),
      element('td', { 'data-label': 'before' }, valueWords(from, unit)),
      element('td', { 'data-label': 'after' }, valueWords(to, unit)),
      element('td', { 'data-label': 'ratio' }, from === 0 ? '' : (to / from).toFixed(3)),
      element('td', {}, changeWords(from === 0 ? null : to / from - 1)),
      element('td', { class: 'soft' }, visibleText(machine)),
    );
  };
  const heads = ['benchmark', 'before', 'after', 'ratio', 'change', 'machine'];
  return element(
    'table',
    {},
    element('thead', {}, element('tr', {}, ...heads.map((name) => element('th', { scope: 'col' }, name)))),
    element('tbody', {}, ...rows.map(row)),
  );
}
