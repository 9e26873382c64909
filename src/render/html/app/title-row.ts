import { visibleText } from '../../escape.ts';
import { button, element, named } from './dom.ts';
import { toggleTheme } from './theme.ts';

/** What the page shows, and the button for light or dark; other buttons stand behind that. */
export function titleRow(title: string, subtitle: string, ...buttons: readonly HTMLButtonElement[]): HTMLElement {
  return element(
    'div',
    { class: 'title-row' },
    element('h1', { title: visibleText(title) }, visibleText(title)),
    named('div', 'subtitle', subtitle),
    element('span', { class: 'grow' }),
    button({ class: 'push', 'aria-label': 'Light or dark', title: 'Light or dark' }, '◐', toggleTheme),
    ...buttons,
  );
}
