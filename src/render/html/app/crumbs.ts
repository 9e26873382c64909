import { button, element } from './dom.ts';

/**
 * all › a › ... › here. The middle goes first where there is no room for all.
 * @param path nodes from a root to the one that fills the width, with their names; none = all is seen
 * @param width px there are
 * @param hint stands there while all is seen
 */
export function crumbTrail(
  path: readonly { readonly node: number; readonly name: string }[],
  width: number,
  hint: string,
  zoomTo: (node: number) => void,
): Node[] {
  if (path.length === 0) return [element('span', { class: 'muted hint' }, hint)];
  const most = Math.max(3, Math.floor(width / 220));
  const skipped = Math.max(0, path.length - most);
  const crumbs: Node[] = [button({ class: 'crumb' }, 'all', () => zoomTo(-1))];
  path.forEach(({ node, name }, i) => {
    if (i > 0 && i <= skipped) {
      if (i === 1) crumbs.push(element('span', { class: 'muted' }, `› … ${skipped} more`));
      return;
    }
    crumbs.push(element('span', { class: 'muted' }, '›'));
    if (i === path.length - 1) crumbs.push(element('span', { class: 'here', title: name }, name));
    else crumbs.push(button({ class: 'crumb', title: name }, name, () => zoomTo(node)));
  });
  return crumbs;
}
