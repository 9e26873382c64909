import { changeVerb } from '../../../history/change-words.ts';
import { visibleText } from '../../escape.ts';
import { button, element } from '../../html/app/dom.ts';
import { drawChart, LARGE_ROOM, valueAt } from './chart.ts';
import type { Commit, ShownHistory, ShownSeries } from './history.ts';
import { changeWords, pointWords, shortId, valueWords } from './words.ts';

export interface Detail {
  readonly dialog: HTMLDialogElement;
  open(series: ShownSeries): void;
  redraw(): void;
}

/** One series, large: pointing and arrow keys tell each value; its changes are listed. */
export function detailOf({ commits }: ShownHistory): Detail {
  const heading = element('h2', { id: 'series' });
  const canvas = element('canvas', {
    tabindex: '0',
    role: 'application',
    'aria-labelledby': 'series',
    'aria-describedby': 'keys',
  });
  const told = element('p', { class: 'told', role: 'status', 'aria-live': 'polite' });
  const changes = element('div', { class: 'scroll' });
  const dialog = element(
    'dialog',
    { 'aria-labelledby': 'series' },
    element(
      'header',
      {},
      heading,
      button({ class: 'push' }, 'Close', () => dialog.close()),
    ),
    canvas,
    told,
    element(
      'p',
      { class: 'soft', id: 'keys' },
      '← → one commit, Home and End, n and N the next and last change, Esc closes',
    ),
    changes,
  );
  let shown: ShownSeries | undefined;
  let marked = 0;
  const mark = (at: number): void => {
    if (shown === undefined) return;
    marked = Math.max(0, Math.min(shown.values.length - 1, at));
    told.replaceChildren(
      pointWords(shown, marked, commits),
      ...pictureLinks(commits[shown.commits[marked]!]!.pictures),
    );
    drawChart(canvas, shown, LARGE_ROOM, marked);
  };
  canvas.addEventListener('pointermove', ({ offsetX }) => {
    if (shown !== undefined) mark(valueAt(canvas, shown, LARGE_ROOM, offsetX));
  });
  canvas.addEventListener('keydown', (event) => {
    const places = shown?.about.changes.map(({ at }) => at) ?? [];
    const to = {
      ArrowLeft: marked - 1,
      ArrowRight: marked + 1,
      Home: 0,
      End: shown?.values.length,
      n: places.find((at) => at > marked),
      N: places.findLast((at) => at < marked),
    }[event.key];
    if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    mark(to);
  });
  return {
    dialog,
    open(series) {
      shown = series;
      heading.textContent = visibleText(`${series.title} – ${series.about.machine}`);
      changes.replaceChildren(changeTable(series, commits, (at) => mark(at)));
      dialog.showModal();
      mark(series.about.changes.at(-1)?.at ?? series.values.length - 1);
      canvas.focus();
    },
    redraw() {
      if (dialog.open) mark(marked);
    },
  };
}

function changeTable(series: ShownSeries, commits: readonly Commit[], show: (at: number) => void): HTMLElement {
  const { changes, unit } = series.about;
  if (changes.length === 0) return element('p', { class: 'soft' }, 'No change was found.');
  const row = (changed: (typeof changes)[number]): HTMLElement => {
    const { at, before, after, change, verdict, pictures } = changed;
    const commit = commits[series.commits[at]!]!;
    return element(
      'tr',
      {},
      element(
        'td',
        {},
        button({ class: 'link' }, shortId(commit), () => show(at)),
      ),
      element('td', { class: verdict }, `${changeVerb(changed)} ${changeWords(change)}`),
      element('td', {}, `${valueWords(before, unit)} → ${valueWords(after, unit)}`),
      element('td', { class: 'text' }, visibleText(commit.subject ?? ''), ...pictureLinks(pictures)),
    );
  };
  return element(
    'table',
    {},
    element('caption', {}, 'Changes'),
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        ...['since', 'verdict', 'level', 'commit'].map((name) => element('th', { scope: 'col' }, name)),
      ),
    ),
    element('tbody', {}, ...changes.map(row)),
  );
}

function pictureLinks(pictures: Commit['pictures'] = []): HTMLElement[] {
  return pictures.map(({ title, href }) =>
    element('a', { class: 'picture', href, target: '_blank', rel: 'noreferrer' }, visibleText(title)),
  );
}
