import { element } from './dom.ts';

/** What is pointed at, beside the pointer. */
export class Tooltip {
  private readonly box = element('div', { class: 'tooltip', hidden: true, 'aria-hidden': 'true' });

  constructor() {
    document.body.append(this.box);
  }

  show(at: MouseEvent, title: string, lines: readonly (Node | string)[]): void {
    const { box } = this;
    box.replaceChildren(
      element('div', { class: 'tooltip-title' }, title),
      ...lines.filter((line) => line !== '').map((line) => element('div', {}, line)),
    );
    box.hidden = false;
    const { offsetWidth, offsetHeight } = box;
    const left = Math.min(at.clientX + 14, window.innerWidth - offsetWidth - 8);
    const below = at.clientY + 18;
    const top = below + offsetHeight > window.innerHeight - 8 ? at.clientY - offsetHeight - 12 : below;
    box.style.left = `${Math.max(8, left)}px`;
    box.style.top = `${Math.max(8, top)}px`;
  }

  hide(): void {
    this.box.hidden = true;
  }
}
