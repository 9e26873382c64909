import { rootName } from '../../../profile/threads.ts';
import { formatPercent, formatValue } from '../../../profile/units.ts';
import { visibleText } from '../../escape.ts';
import { button, element, named } from './dom.ts';
import type { Store } from './store.ts';
import { toggleTheme } from './theme.ts';

/** Views in the order of their tabs; the keys 1 to 5 lead there. */
export interface TabInfo {
  readonly id: string;
  readonly title: string;
}

/** Waits for the end of a word before it searches. */
const TYPING_MS = 160;

export interface HeaderEvents {
  tab(id: string): void;
  help(): void;
}

/** Title, tabs, and the choices that hold for all views: weight, thread, span of time, search. */
export class Header {
  readonly host: HTMLElement;
  private readonly store: Store;
  private readonly tabs: readonly HTMLButtonElement[];
  private readonly field = element('input', {
    type: 'search',
    placeholder: 'Search   /',
    'aria-label': 'Search names and places; a regular expression between slashes',
    spellcheck: 'false',
    autocomplete: 'off',
  });
  private readonly matched = element('span', { class: 'matched', 'aria-live': 'polite' });
  private readonly span = element('span', { class: 'chip', hidden: true });
  private pending = 0;

  constructor(store: Store, tabs: readonly TabInfo[], events: HeaderEvents) {
    this.store = store;
    const { title, subtitle } = store.data.summary;
    this.tabs = tabs.map(({ id, title: text }, i) =>
      button(
        { role: 'tab', id: `tab-${id}`, 'aria-controls': `view-${id}`, title: `${text} (key ${i + 1})` },
        text,
        () => events.tab(id),
      ),
    );
    const bar = element('div', { role: 'tablist', class: 'tabs', 'aria-label': 'Views' }, ...this.tabs);
    bar.addEventListener('keydown', (event) => this.walkTabs(event));
    this.field.value = store.choice.term;
    this.field.addEventListener('input', () => {
      clearTimeout(this.pending);
      this.pending = window.setTimeout(() => this.search(), TYPING_MS);
    });
    this.field.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') this.search();
    });
    this.host = element(
      'header',
      {},
      element(
        'div',
        { class: 'title-row' },
        element('h1', { title: visibleText(title) }, visibleText(title)),
        named('div', 'subtitle', subtitle),
        element('span', { class: 'grow' }),
        button({ class: 'push', 'aria-label': 'Light or dark', title: 'Light or dark' }, '◐', toggleTheme),
        button({ class: 'push', 'aria-label': 'Keys and hints', title: 'Keys and hints (?)' }, '?', () =>
          events.help(),
        ),
      ),
      element(
        'div',
        { class: 'tab-row' },
        bar,
        element('span', { class: 'grow' }),
        this.span,
        valueChoice(store),
        threadChoice(store),
        element('span', { class: 'search' }, this.matched, this.field),
      ),
    );
    this.update();
  }

  focusSearch(): void {
    this.field.focus();
    this.field.select();
  }

  /** @returns whether there was a search to leave */
  clearSearch(): boolean {
    const { term, group } = this.store.choice;
    const searched = term !== '' || group >= 0 || this.field.value !== '';
    clearTimeout(this.pending);
    this.field.value = '';
    this.store.choose({ term: '', group: -1 });
    this.field.blur();
    return searched;
  }

  showTab(id: string): void {
    for (const tab of this.tabs) {
      const isOpen = tab.id === `tab-${id}`;
      tab.setAttribute('aria-selected', String(isOpen));
      tab.tabIndex = isOpen ? 0 : -1;
    }
  }

  update(): void {
    const { term, span } = this.store.choice;
    if (document.activeElement !== this.field) this.field.value = term;
    const hits = this.store.hits();
    this.matched.textContent =
      term === '' || hits === undefined
        ? ''
        : `${hits.note === '' ? '' : `${hits.note} · `}${matchedShare(this.store, hits.frames)}`;
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

  private search(): void {
    clearTimeout(this.pending);
    this.store.choose({ term: this.field.value.trim(), group: -1 });
  }

  private walkTabs(event: KeyboardEvent): void {
    const at = this.tabs.indexOf(event.target as HTMLButtonElement);
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (at < 0 || step === 0) return;
    const next = this.tabs[(at + step + this.tabs.length) % this.tabs.length]!;
    next.click();
    next.focus();
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
