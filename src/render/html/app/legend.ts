import { formatPercent } from '../../../profile/units.ts';
import { selfWeights } from '../../../profile/weights.ts';
import { element, swatch } from './dom.ts';
import type { Store } from './store.ts';

/** What colours mean and how much of the weight each stands for; a click singles one out. */
export class Legend {
  readonly host = element('div', { class: 'legend', role: 'group', 'aria-label': 'Kinds of code' });
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
    this.update();
  }

  update(): void {
    const { store } = this;
    const { groups } = store.data.summary;
    this.host.hidden = groups.length === 0;
    const weights = groupWeights(store);
    const whole = store.total();
    const focused = this.host.contains(document.activeElement) ? (document.activeElement as HTMLElement).id : '';
    this.host.replaceChildren(
      ...groups.flatMap(({ id, title, fill }, i) => {
        if (weights[i] === 0) return [];
        const isChosen = store.choice.group === i;
        const chip = element(
          'button',
          { type: 'button', id: `group-${id}`, 'aria-pressed': isChosen ? 'true' : 'false' },
          swatch(fill),
          element('span', {}, title),
          element('b', {}, formatPercent(weights[i]!, whole, 1)),
        );
        chip.addEventListener('click', () => store.choose({ group: isChosen ? -1 : i, term: '' }));
        return [chip];
      }),
    );
    if (focused !== '') document.getElementById(focused)?.focus();
  }
}

function groupWeights(store: Store): number[] {
  const { stacks } = store.data.profile;
  const self = selfWeights(store.profile());
  const weights = store.data.summary.groups.map(() => 0);
  if (weights.length === 0) return weights;
  for (let stack = 0; stack < stacks.length; stack++) weights[store.data.group[stacks.frame[stack]!]!]! += self[stack]!;
  return weights;
}
