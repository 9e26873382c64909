import { onKeys } from './keys.ts';
import { onAddress } from './start.ts';
import { panel, type TabInfo } from './tabs.ts';
import { Tooltip } from './tooltip.ts';

/** What a page does with its views beyond showing one of them. */
export interface ViewActions<Id extends string> {
  readonly header: { showTab(id: Id): void; focusSearch(): void };
  /** A view has come into sight. */
  opened(view: Id): void;
  /** Escape. */
  leave(): void;
  /** A key that does not mean the same on every page. */
  key(key: string): void;
  /** Writes what is seen into the page's address. */
  write(asNewPage: boolean): void;
  /** Shows what the page's address asks for. */
  follow(): void;
}

/** The views of a page, of which one is seen at a time, and which one that is in its address. */
export class TabbedViews<Id extends string> {
  readonly panels: readonly HTMLElement[];
  readonly tooltip = new Tooltip();
  private readonly tabs: readonly TabInfo<Id>[];
  private readonly actions: ViewActions<Id>;
  private view: Id;
  /** Not while an address is being followed: what is shown then is what it says. */
  private writes = false;

  /** @param hosts what the tabs open; those of tabs that the page does not have are left out */
  constructor(tabs: readonly TabInfo<Id>[], hosts: Readonly<Record<Id, HTMLElement>>, actions: ViewActions<Id>) {
    this.tabs = tabs;
    this.actions = actions;
    this.view = tabs[0]!.id;
    this.panels = tabs.map(({ id }) => panel(id, hosts[id]));
    onKeys(tabs, {
      find: () => actions.header.focusSearch(),
      leave: () => actions.leave(),
      go: (tab) => this.go(tab),
      other: (key) => actions.key(key),
    });
    onAddress(() => {
      this.writes = false;
      actions.follow();
      this.writes = true;
    });
  }

  /** The one that is seen. */
  get current(): Id {
    return this.view;
  }

  /** Whether the page has a view of this name. */
  has(id: string): id is Id {
    return this.tabs.some((tab) => tab.id === id);
  }

  /** Opens a view as a page of its own: the browser's way back leads here. */
  go(view: Id): void {
    this.open(view);
    this.remember(true);
  }

  open(view: Id): void {
    this.view = view;
    this.tooltip.hide();
    this.actions.header.showTab(view);
    for (const [i, { id }] of this.tabs.entries()) this.panels[i]!.hidden = id !== view;
    this.actions.opened(view);
  }

  remember(asNewPage: boolean): void {
    if (this.writes) this.actions.write(asNewPage);
  }
}
