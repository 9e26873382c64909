import { KINDS } from '../../../profile/profile.ts';
import { groupDigits } from '../../../profile/units.ts';
import { groupOf, model } from '../../compact/browser/model.ts';
import type { Picture } from '../../compact/browser/picture.ts';
import { state } from '../../compact/browser/state.ts';
import { KIND_TITLES } from '../../kind-titles.ts';
import { diffModel, readModel } from './diff-model.ts';
import { goneLine } from './gone.ts';
import { scaleElement } from './scale.ts';
import { recallView, seeNext, seenWidths, viewAddress, viewButtons } from './views.ts';

/** The flame graph of two profiles: colours are those of what happened to paths. */
export const diffPicture: Picture = {
  dataId: 'comparison',
  read: (text) => readModel(text, seenWidths()),
  legendLabel: 'What happened',
  keys: [{ key: 'v', what: 'as wide as before, as after, or as the larger of both', act: seeNext }],
  tools: () => [viewButtons()],
  legendEnd: () => [scaleElement()],
  lines: goneLine,
  tooltip: (index) => model().words.title(index),
  details,
  chosen,
  importance: (index) => Math.abs(diffModel().words.share(index)),
  address: viewAddress,
  recall: recallView,
};

function details(index: number): string {
  const { data, words } = diffModel();
  if (index === 0) return words.weights(0);
  const { frames, rows } = data;
  const kind = KINDS[frames.kind[rows.frame[index]!]!]!;
  const module = words.module(index);
  return [
    words.shares(index),
    words.change(index),
    words.verdict(index),
    words.weights(index),
    words.factor(index),
    words.self(index),
    kind === 'unknown' ? '' : KIND_TITLES[kind],
    module.slice(module.lastIndexOf('/') + 1),
  ]
    .filter((part) => part !== '')
    .join('  ·  ');
}

function chosen(): string {
  const { rows } = model();
  let count = 0;
  for (let i = 1; i < rows.frame.length; i++) if (state.kinds.has(groupOf(i))) count++;
  const paths = `${groupDigits(count)} ${count === 1 ? 'path' : 'paths'}`;
  const isHidden = state.kinds.has('gone') && seenWidths() === 'after';
  return isHidden ? `${paths}; what is gone is seen in Before and Both` : paths;
}
