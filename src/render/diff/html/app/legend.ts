import { VERDICTS } from '../../../../profile/diff/comparison.ts';
import { groupDigits } from '../../../../profile/units.ts';
import { element, swatch } from '../../../html/app/dom.ts';
import { fillOf, LEGEND_STEP, patternOf, scaleColors } from '../../diff-colors.ts';
import { EFFECTS, SCALE_WORDS } from '../../effect.ts';
import type { DiffStore } from './store.ts';

/** What colours mean, and of how many paths; a click singles a verdict out. */
export class DiffLegend {
  readonly host = element('div', { class: 'legend', role: 'group', 'aria-label': 'What happened' });
  private readonly store: DiffStore;

  constructor(store: DiffStore) {
    this.store = store;
    this.update();
  }

  update(): void {
    const { store } = this;
    const { negate } = store.data.page;
    const counts = new Map<string, number>();
    for (let node = 0; node < store.tree.length; node++) {
      const verdict = VERDICTS[store.verdictOf(node)]!;
      counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
    }
    const focused = this.host.contains(document.activeElement) ? (document.activeElement as HTMLElement).id : '';
    const chips = EFFECTS.filter(({ id }) => counts.has(id)).map(({ id, mark, title }) => {
      const isChosen = store.choice.verdict === id;
      const color = swatch(fillOf(id, LEGEND_STEP, id !== 'shrank' && id !== 'gone', negate));
      const pattern = patternOf(id);
      if (pattern !== undefined) color.classList.add(pattern);
      const chip = element(
        'button',
        { type: 'button', id: `verdict-${id}`, 'aria-pressed': isChosen ? 'true' : 'false' },
        color,
        element('span', {}, mark === '' ? title : `${mark} ${title}`),
        element('b', {}, groupDigits(counts.get(id)!)),
      );
      chip.addEventListener('click', () => store.choose({ verdict: isChosen ? undefined : id }));
      return chip;
    });
    const cells = scaleColors(negate).map((fill) => {
      const cell = element('i', { 'aria-hidden': 'true' });
      cell.style.background = fill;
      return cell;
    });
    this.host.replaceChildren(
      ...chips,
      element('span', { class: 'scale' }, `${SCALE_WORDS.less} `, ...cells, ` ${SCALE_WORDS.more}`),
    );
    if (focused !== '') document.getElementById(focused)?.focus();
  }
}
