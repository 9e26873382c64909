import { plural } from '../../../plural.ts';
import { visibleText } from '../../escape.ts';
import { button, element } from '../../html/app/dom.ts';
import { cardsOf } from './cards.ts';
import { compareOf } from './compare.ts';
import { detailOf } from './detail.ts';
import { decoded, type ShownHistory, type ShownSeries } from './history.ts';

function start(history: ShownHistory): void {
  const detail = detailOf(history);
  const cards = cardsOf(history, detail.open);
  const find = element('input', {
    type: 'search',
    placeholder: 'Find a benchmark ( / )',
    'aria-label': 'Find a benchmark',
  });
  const suite = choice(
    'suite',
    'all suites',
    history.series.map(({ about }) => about.suite),
  );
  const machine = choice(
    'machine',
    'all machines',
    history.series.map(({ about }) => about.machine),
  );
  const state = choice('changes', 'changed or not', ['regressed', 'improved', 'not changed']);
  const count = element('output', { class: 'soft' });
  const isShown = ({ title, about }: ShownSeries): boolean =>
    title.toLowerCase().includes(find.value.toLowerCase()) &&
    (suite === undefined || suite.value === '' || suite.value === `=${about.suite}`) &&
    (machine === undefined || machine.value === '' || machine.value === `=${about.machine}`) &&
    (state === undefined || state.value === '' || state.value === `=${about.changes.at(-1)?.verdict ?? 'not changed'}`);
  const show = (): void => {
    const commits = history.commits.length;
    count.textContent = `${cards.show(isShown)} of ${history.series.length} series, ${commits} ${plural(commits, 'commit')}`;
  };
  for (const field of [suite, machine, state]) field?.addEventListener('change', show);
  find.addEventListener('input', show);
  const compare = button({ class: 'push' }, 'Compare commits', () => {
    const dialog = compareOf(history, isShown);
    document.body.append(dialog);
    dialog.showModal();
  });
  document.body.append(
    element('h1', {}, visibleText(history.title)),
    element(
      'form',
      { class: 'bar', role: 'search' },
      ...[find, suite, machine, state, compare, count].filter((one) => one !== undefined),
    ),
    cards.grid,
    detail.dialog,
  );
  document.querySelector('form')!.addEventListener('submit', (event) => event.preventDefault());
  addEventListener('keydown', (event) => {
    if (event.key !== '/' || document.querySelector('dialog[open]') !== null || event.target === find) return;
    event.preventDefault();
    find.focus();
  });
  const redraw = (): void => {
    cards.redraw();
    detail.redraw();
  };
  addEventListener('resize', redraw);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  show();
  document.documentElement.dataset.ready = '';
}

/** @returns undefined where there is nothing to choose from */
function choice(label: string, all: string, values: readonly string[]): HTMLSelectElement | undefined {
  const known = [...new Set(values)];
  if (known.length < 2) return undefined;
  // '=' tells a suite without a name from all of them
  const options = known.map((value) =>
    element('option', { value: `=${value}` }, visibleText(value) || `(no ${label})`),
  );
  return element('select', { 'aria-label': label }, element('option', { value: '' }, all), ...options);
}

const data = (globalThis as { pforgeProfHistory?: string }).pforgeProfHistory;
if (data === undefined) {
  document.body.append(element('p', {}, 'history-data.js is missing: it belongs beside this page.'));
} else {
  void decoded(data).then(start);
}
