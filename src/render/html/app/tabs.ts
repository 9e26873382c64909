import { button, element } from './dom.ts';

/** A view and its tab. Views stand in the order of their tabs; the keys 1, 2, ... lead there. */
export interface TabInfo<Id extends string = string> {
  readonly id: Id;
  readonly title: string;
}

/** The tabs of a page, each of which opens the panel `view-ID`. */
export class Tabs {
  readonly host: HTMLElement;
  private readonly tabs: readonly HTMLButtonElement[];

  /** @param open called with the id of a tab that a person chose */
  constructor(tabs: readonly TabInfo[], open: (id: string) => void) {
    this.tabs = tabs.map(({ id, title }, i) =>
      button(
        { role: 'tab', id: `tab-${id}`, 'aria-controls': `view-${id}`, title: `${title} (key ${i + 1})` },
        title,
        () => open(id),
      ),
    );
    this.host = element('div', { role: 'tablist', class: 'tabs', 'aria-label': 'Views' }, ...this.tabs);
    this.host.addEventListener('keydown', (event) => this.walk(event));
  }

  show(id: string): void {
    for (const tab of this.tabs) {
      const isOpen = tab.id === `tab-${id}`;
      tab.setAttribute('aria-selected', String(isOpen));
      tab.tabIndex = isOpen ? 0 : -1;
    }
  }

  private walk(event: KeyboardEvent): void {
    const at = this.tabs.indexOf(event.target as HTMLButtonElement);
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (at < 0 || step === 0) return;
    const next = this.tabs[(at + step + this.tabs.length) % this.tabs.length]!;
    next.click();
    next.focus();
  }
}

/** What a tab opens: hidden until then. */
export function panel(id: string, content: HTMLElement | undefined): HTMLElement {
  return element(
    'div',
    { class: 'panel', role: 'tabpanel', id: `view-${id}`, 'aria-labelledby': `tab-${id}`, hidden: true },
    content,
  );
}
