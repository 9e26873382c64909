import { groupBy } from '../../../profile/group-by.ts';
import { kindTotals } from '../../../profile/kind-totals.ts';
import { formatPercent, formatValue } from '../../../profile/units.ts';
import { visibleText } from '../../escape.ts';
import { KIND_TITLES } from '../../kind-titles.ts';
import { element, named, share, swatch } from './dom.ts';
import type { Store } from './store.ts';

/** Rows of a table that nobody reads to its end. */
const MOST_ROWS = 40;

/** What was recorded and what was lost, sums by kind, thread and module, and which source files the page holds. */
export class AboutView {
  readonly host = element('div', { class: 'about', tabindex: 0 });
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  update(): void {
    const { summary } = this.store.data;
    const profile = this.store.profile();
    const sections = [
      section('Recording', facts(summary.facts)),
      section('Notes', notes(summary.notes)),
      section('Kinds of code', this.kinds()),
    ];
    if (summary.threads.length > 1) sections.push(section('Threads', this.sums(groupBy(profile, 'thread'))));
    const modules = groupBy(profile, 'module');
    if (modules.some(({ name }) => name !== '')) sections.push(section('Modules', this.sums(modules)));
    const files = groupBy(profile, 'file');
    if (files.some(({ name }) => name !== '')) sections.push(section('Files', this.sums(files)));
    sections.push(section('Source files in this page', sources(summary.sources.map(({ file }) => file))));
    this.host.replaceChildren(...sections);
  }

  private kinds(): HTMLElement {
    const { groups } = this.store.data.summary;
    return this.table(
      kindTotals(this.store.profile()).map(({ kind, self }) => ({
        head: element('td', {}, swatch(groups.find(({ id }) => id === kind)?.fill ?? 'transparent'), KIND_TITLES[kind]),
        weight: self,
      })),
    );
  }

  private sums(rows: readonly { readonly name: string; readonly self: number }[]): HTMLElement {
    const some = rows
      .filter(({ self }) => self > 0)
      .slice(0, MOST_ROWS)
      .map(({ name, self }) => ({ head: named('td', 'name', name || '[unknown]'), weight: self }));
    return this.table(some);
  }

  private table(rows: readonly { readonly head: HTMLElement; readonly weight: number }[]): HTMLElement {
    const whole = this.store.total();
    const { unit } = this.store.valueType;
    return element(
      'table',
      {},
      element(
        'tbody',
        {},
        ...rows.map(({ head, weight }) =>
          element(
            'tr',
            {},
            head,
            element('td', { class: 'number' }, formatValue(weight, unit)),
            element('td', { class: 'number' }, formatPercent(weight, whole, 1)),
            element('td', { class: 'bar' }, share(whole === 0 ? 0 : weight / whole)),
          ),
        ),
      ),
    );
  }
}

function section(title: string, content: HTMLElement): HTMLElement {
  return element('section', {}, element('h2', {}, title), content);
}

function facts(rows: readonly (readonly [string, string])[]): HTMLElement {
  return element(
    'dl',
    { class: 'pairs' },
    ...rows.flatMap(([name, text]) => [element('dt', {}, name), element('dd', {}, visibleText(text))]),
  );
}

function notes(texts: readonly string[]): HTMLElement {
  if (texts.length === 0) return element('p', { class: 'muted' }, 'Nothing was lost, nothing had to be guessed.');
  return element('ul', { class: 'notes' }, ...texts.map((text) => element('li', {}, visibleText(text))));
}

function sources(files: readonly string[]): HTMLElement {
  if (files.length === 0) return element('p', { class: 'muted' }, 'None.');
  return element('ul', {}, ...files.map((file) => element('li', {}, named('code', 'path', file))));
}
