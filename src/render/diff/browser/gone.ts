import { VERDICTS } from '../../../profile/diff/comparison.ts';
import { moveCursor } from '../../compact/browser/actions.ts';
import { button, html, root } from '../../compact/browser/page.ts';
import { diffModel } from './diff-model.ts';
import { see } from './views.ts';

const MOST = 12;
const GONE = VERDICTS.indexOf('gone');

/** Names what is gone, which the view `after` has no room for; each leads to where it was. None where nothing is gone. */
export function goneLine(): readonly HTMLElement[] {
  if (root.querySelector('#gone') === null) return [];
  const { data, words } = diffModel();
  const { verdict, parent, before } = data.rows;
  const found: number[] = [];
  for (let i = 1; i < verdict.length; i++) if (verdict[i] === GONE && verdict[parent[i]!] !== GONE) found.push(i);
  found.sort((a, b) => before.weight[b]! - before.weight[a]! || a - b);
  const line = html('div', { id: 'gone-line', class: 'line gone' }, html('span', { class: 'keep' }, 'Gone:'));
  for (const index of found.slice(0, MOST)) {
    const element = button('clip', `${words.amount(index)} ${words.label(index)}`, '', () => {
      see('before');
      moveCursor(index);
    });
    element.title = words.title(index);
    line.append(element);
  }
  const more = found.length - MOST;
  if (more > 0) line.append(html('span', { class: 'keep' }, `and ${more} more`));
  return [line];
}
