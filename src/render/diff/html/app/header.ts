import { button, element } from '../../../html/app/dom.ts';
import { SearchField } from '../../../html/app/search-field.ts';
import { type TabInfo, Tabs } from '../../../html/app/tabs.ts';
import { titleRow } from '../../../html/app/title-row.ts';
import { VIEWS } from '../../views.ts';
import type { Widths } from '../../widths.ts';
import type { DiffStore } from './store.ts';

/** Title, tabs, and the choices that hold for all views: widths and search. */
export class DiffHeader {
  readonly host: HTMLElement;
  private readonly store: DiffStore;
  private readonly tabs: Tabs;
  private readonly search: SearchField;
  private readonly views = new Map<Widths, HTMLButtonElement>();

  constructor(store: DiffStore, tabs: readonly TabInfo[], open: (id: string) => void) {
    this.store = store;
    const { title, subtitle } = store.data.page;
    this.tabs = new Tabs(tabs, open);
    this.search = new SearchField((term) => store.choose({ term }));
    this.host = element(
      'header',
      {},
      titleRow(title, subtitle),
      element(
        'div',
        { class: 'tab-row' },
        this.tabs.host,
        element('span', { class: 'grow' }),
        this.viewButtons(),
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
    const { term, verdict } = this.store.choice;
    const hadText = this.search.clear();
    this.store.choose({ term: '', verdict: undefined });
    return hadText || term !== '' || verdict !== undefined;
  }

  showTab(id: string): void {
    this.tabs.show(id);
  }

  update(): void {
    const { term, widths } = this.store.choice;
    this.search.show(term, this.store.hits()?.note ?? '');
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
}
