import { element } from './dom.ts';
import { startTheme } from './theme.ts';

/**
 * Shows a page, or why it cannot be shown.
 * @param read reads its blocks of data
 * @param partsOf what the body holds then
 */
export function startPage<Data>(read: () => Promise<Data>, partsOf: (data: Data) => readonly HTMLElement[]): void {
  startTheme();
  read()
    .then((data) => document.body.append(...partsOf(data)))
    .catch((error: unknown) => {
      const why = typeof DecompressionStream === 'undefined' ? 'this browser is too old' : String(error);
      document.body.append(element('p', { class: 'failed' }, `This report cannot be shown: ${why}.`));
    });
}

/** Follows the page's address: when all its parts are in the document, and when a person goes back or forward. */
export function onAddress(follow: () => void): void {
  window.addEventListener('popstate', follow);
  // Sizes are known once the parts are in the document
  queueMicrotask(() => {
    follow();
    performance.mark('pforge-prof:drawn');
  });
}
