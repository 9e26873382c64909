import { visibleText } from '../../escape.ts';

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;
type Child = Node | string | undefined;

/** An element of HTML. Texts are set as text; `false` and `undefined` attributes are left out. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

export function button(attributes: Attributes, text: string, action: () => void): HTMLButtonElement {
  const made = element('button', { type: 'button', ...attributes }, text);
  made.addEventListener('click', action);
  return made;
}

/** A button that copies a name from a profile. */
export function copyButton(text: string, name: string): HTMLButtonElement {
  return button({ class: 'push', title: 'Copy the name' }, text, () => {
    void navigator.clipboard?.writeText(visibleText(name)).catch(() => {});
  });
}

/** Text from a profile, which may hold anything. */
export function named(tag: 'span' | 'div' | 'td' | 'code', className: string, text: string): HTMLElement {
  return element(tag, { class: className, title: visibleText(text) }, visibleText(text));
}

/** A square in the colour of a group. */
export function swatch(fill: string): HTMLElement {
  const made = element('span', { class: 'swatch', 'aria-hidden': 'true' });
  made.style.background = fill;
  return made;
}

/** A horizontal bar that fills a part (0 to 1) of its element. */
export function share(part: number): HTMLElement {
  const made = element('span', { class: 'share', 'aria-hidden': 'true' });
  made.style.setProperty('--part', String(Math.min(1, part)));
  return made;
}
