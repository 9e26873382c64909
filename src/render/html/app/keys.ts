import type { TabInfo } from './tabs.ts';

/** What the keys of a page do; which they are is the same on every page. */
export interface KeyActions<Id extends string> {
  /** `/` and Ctrl-F, so that the browser's own search, which sees no canvas, stays away. */
  find(): void;
  /** Escape. */
  leave(): void;
  /** The digit of a tab. */
  go(tab: Id): void;
  /** Any other, with none of Ctrl, Meta, Alt held and outside of fields. */
  other(key: string): void;
}

/** Listens to the keys of the whole page. */
export function onKeys<Id extends string>(tabs: readonly TabInfo<Id>[], actions: KeyActions<Id>): void {
  window.addEventListener('keydown', (event) => {
    const target = event.target as HTMLElement;
    const typing = target.tagName === 'INPUT' || target.tagName === 'SELECT';
    const isHeld = event.ctrlKey || event.metaKey;
    const isFind = isHeld && !event.altKey && event.key.toLowerCase() === 'f';
    if (isFind && !typing) {
      event.preventDefault();
      actions.find();
      return;
    }
    if (event.key === 'Escape') {
      actions.leave();
      return;
    }
    if (typing || isHeld || event.altKey) return;
    const tab = tabs[Number(event.key) - 1];
    if (tab !== undefined) actions.go(tab.id);
    else if (event.key === '/') {
      event.preventDefault();
      actions.find();
    } else actions.other(event.key);
  });
}
