/** The picture's own document: what is in it, and how something is put into it. Text only ever goes in as text. */

const SVG = 'http://www.w3.org/2000/svg';
const XHTML = 'http://www.w3.org/1999/xhtml';

/** The picture; inside an HTML page it is one of that page's elements. */
export const root: SVGSVGElement =
  document.currentScript?.closest<SVGSVGElement>('svg.pforge-flame') ??
  (document.documentElement as unknown as SVGSVGElement);
/** It is the document itself: it may fill the window, scroll it and keep its state in the address. */
export const standalone = root === (document.documentElement as unknown as SVGSVGElement);

export function find<E extends Element>(selector: string): E {
  return root.querySelector<E>(selector)!;
}

export const stage: SVGSVGElement = find('#frames');

/** What the renderer wrote on the root element. */
export function setting(name: string): string {
  return root.getAttribute(`data-${name}`) ?? '';
}

/** As wide as the window. */
export const fluid = standalone && setting('fluid') === 'true';

type Attributes = Readonly<Record<string, string | number>>;

export function setAttributes(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}

export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  setAttributes(element, attributes);
  return element;
}

export function html<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElementNS(XHTML, tag) as HTMLElementTagNameMap[K];
  setAttributes(element, attributes);
  element.append(...children);
  return element;
}

export function button(className: string, text: string, title: string, action: () => void): HTMLButtonElement {
  const element = html('button', { type: 'button', ...(className && { class: className }) }, text);
  if (title !== '') setAttributes(element, { title, 'aria-label': title });
  element.addEventListener('click', action);
  return element;
}

/** The static text may be cut; the whole one stands beside it. */
export function fullText(selector: string): string {
  return find(selector).getAttribute('data-full') ?? '';
}
