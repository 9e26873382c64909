import { rootName } from '../../../profile/threads.ts';
import { formatPercent, formatValue } from '../../../profile/units.ts';
import { visibleText } from '../../escape.ts';
import { button, element } from './dom.ts';
import { SearchField } from './search-field.ts';
import type { Store } from './store.ts';
import { type TabInfo, Tabs } from './tabs.ts';
import { titleRow } from './title-row.ts';

export interface HeaderEvents {
  tab(id: string): void;
  help(): void;
}

/** Title, tabs, and the choices that hold for all views: weight, thread, span of time, search. */
export class Header {
  readonly host: HTMLElement;
  private readonly store: Store;
  private readonly tabs: Tabs;
  private readonly search: SearchField;
  private readonly span = element('span', { class: 'chip', hidden: true });

  constructor(store: Store, tabs: readonly TabInfo[], events: HeaderEvents) {
    this.store = store;
    const { title, subtitle } = store.data.summary;
    this.tabs = new Tabs(tabs, events.tab);
    this.search = new SearchField((term) => store.choose({ term, group: -1 }));
    const help = button(
      { class: 'push', 'aria-label': 'Keys and hints', title: 'Keys and hints (?)' },
      '?',
      events.help,
    );
    this.host = element(
      'header',
      {},
      titleRow(title, subtitle, help),
      element(
        'div',
        { class: 'tab-row' },
        this.tabs.host,
        element('span', { class: 'grow' }),
        this.span,
        valueChoice(store),
        threadChoice(store),
        this.search.host,
      ),
    );
    this.update();
  }

  focusSearch(): void {
    this.search.focus();
  }

  /** @returns whether there was a search to leave */
  clearSearch(): boolean {
    const { term, group } = this.store.choice;
    const hadText = this.search.clear();
    this.store.choose({ term: '', group: -1 });
    return hadText || term !== '' || group >= 0;
  }

  showTab(id: string): void {
    this.tabs.show(id);
  }

  update(): void {
    const { term, span } = this.store.choice;
    const hits = this.store.hits();
    this.search.show(
      term,
      term === '' || hits === undefined
        ? ''
        : `${hits.note === '' ? '' : `${hits.note} · `}${matchedShare(this.store, hits.frames)}`,
    );
    this.span.hidden = span === undefined;
    if (span === undefined) return;
    const words = `${formatValue(span.from, 'nanoseconds')} to ${formatValue(span.to, 'nanoseconds')}`;
    this.span.replaceChildren(
      `only ${words} `,
      button({ 'aria-label': 'All times again', title: 'All times again' }, '✕', () =>
        this.store.choose({ span: undefined }),
      ),
    );
  }
}

/** The part of the weight that has a matching frame on its stack. */
function matchedShare(store: Store, hits: Uint8Array): string {
  const { stacks, samples } = store.profile();
  const matching = new Uint8Array(stacks.length);
  for (let stack = 0; stack < stacks.length; stack++) {
    const above = stacks.parent[stack]!;
    matching[stack] = hits[stacks.frame[stack]!]! | (above < 0 ? 0 : matching[above]!);
  }
  let weight = 0;
  for (let row = 0; row < samples.length; row++) {
    const stack = samples.stack[row]!;
    if (stack >= 0 && matching[stack] === 1) weight += samples.values[0]![row]!;
  }
  return `${formatPercent(weight, store.total())} matched`;
}

function valueChoice(store: Store): HTMLElement | undefined {
  const { valueTypes } = store.data.summary;
  if (valueTypes.length < 2) return undefined;
  const options = valueTypes.map(({ type, unit }) => `${type}${unit === 'count' || unit === type ? '' : ` (${unit})`}`);
  return choice('What is weighed', options, store.choice.value, (value) => store.choose({ value }));
}

function threadChoice(store: Store): HTMLElement | undefined {
  const { threads } = store.data.summary;
  if (threads.length < 2) return undefined;
  const names = threads.map((thread) => {
    const ids = thread.tid < 0 ? '' : ` ${thread.tid}`;
    return visibleText(`${rootName(thread, 'name')}${ids}`).slice(0, 60);
  });
  return choice('Threads', ['all threads', ...names], store.choice.thread + 1, (index) =>
    store.choose({ thread: index - 1 }),
  );
}

function choice(
  label: string,
  options: readonly string[],
  selected: number,
  choose: (index: number) => void,
): HTMLElement {
  const select = element(
    'select',
    { 'aria-label': label },
    ...options.map((text, i) => element('option', { value: i, selected: i === selected }, text)),
  );
  select.addEventListener('change', () => choose(select.selectedIndex));
  return select;
}
