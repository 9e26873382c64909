import { find, html, root } from '../../compact/browser/page.ts';

/** The scale of colours, as the still picture has it. */
export function scaleElement(): HTMLElement {
  const [less, more] = [...root.querySelectorAll('#scale text')].map((text) => text.textContent!);
  const cells = find('#scale')
    .getAttribute('data-stops')!
    .split(' ')
    .map((color) => {
      const cell = html('i');
      cell.style.background = color;
      return cell;
    });
  return html('span', { id: 'scale-line', class: 'scale' }, html('b', {}, less!), ...cells, html('b', {}, more!));
}
