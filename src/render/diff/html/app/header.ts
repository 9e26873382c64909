import { visibleText } from '../../../escape.ts';
import { button, element, named } from '../../../html/app/dom.ts';
import { toggleTheme } from '../../../html/app/theme.ts';
import { VIEWS } from '../../views.ts';
import type { Widths } from '../../widths.ts';
import type { DiffStore } from './store.ts';

/** Waits for the end of a word before it searches. */
const TYPING_MS = 160;

/** Title, tabs, and the choices that hold for all views: widths and search. */
export class DiffHeader {
  readonly host: HTMLElement;
  private readonly store: DiffStore;
  private readonly tabs: readonly HTMLButtonElement[];
  private readonly views = new Map<Widths, HTMLButtonElement>();
  private readonly field = element('input', {
    type: 'search',
    placeholder: 'Search   /',
    'aria-label': 'Search names and places; a regular expression between slashes',
    spellcheck: 'false',
    autocomplete: 'off',
  });
  private readonly note = element('span', { class: 'matched', 'aria-live': 'polite' });
  private pending = 0;

  constructor(store: DiffStore, tabs: readonly { id: string; title: string }[], open: (id: string) => void) {
    this.store = store;
    const { title, subtitle } = store.data.page;
    this.tabs = tabs.map(({ id, title: text }, i) =>
      button(
        { role: 'tab', id: `tab-${id}`, 'aria-controls': `view-${id}`, title: `${text} (key ${i + 1})` },
        text,
        () => open(id),
      ),
    );
    const bar = element('div', { role: 'tablist', class: 'tabs', 'aria-label': 'Views' }, ...this.tabs);
    bar.addEventListener('keydown', (event) => this.walkTabs(event));
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
      ),
      element(
        'div',
        { class: 'tab-row' },
        bar,
        element('span', { class: 'grow' }),
        this.viewButtons(),
        element('span', { class: 'search' }, this.note, this.field),
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
    const { term, verdict } = this.store.choice;
    const searched = term !== '' || verdict !== undefined || this.field.value !== '';
    clearTimeout(this.pending);
    this.field.value = '';
    this.store.choose({ term: '', verdict: undefined });
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
    const { term, widths } = this.store.choice;
    if (document.activeElement !== this.field) this.field.value = term;
    this.note.textContent = this.store.hits()?.note ?? '';
    for (const [id, view] of this.views) view.setAttribute('aria-pressed', String(id === widths));
  }

  private viewButtons(): HTMLElement {
    for (const { widths, text, title } of VIEWS) {
      this.views.set(
        widths,
        button({ id: `widths-${widths}`, title: `${title} (v)` }, text, () => this.store.choose({ widths })),
      );
    }
    return element('span', { class: 'views', role: 'group', 'aria-label': 'Widths' }, ...this.views.values());
  }

  private search(): void {
    clearTimeout(this.pending);
    this.store.choose({ term: this.field.value.trim() });
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
