import type { DisplayUnit } from '../../../profile/units.ts';
import { type FlameData, readData } from '../data-block.ts';
import { selfWeightsOf } from '../flame-rows.ts';
import { type Words, wordsOf } from '../words.ts';
import { find, setting, stage } from './page.ts';

/** The picture's data and what follows from them. */
export interface Model extends FlameData {
  readonly words: Words;
  readonly self: Float64Array;
}

const unit: DisplayUnit = { divisor: Number(setting('divisor')), name: setting('unit-name') };
let known: Model | undefined;

/** Read when it is first needed: a picture that nobody touches does without. */
export function model(): Model {
  if (known === undefined) {
    const data = readData(find('#data').textContent ?? '');
    known = { ...data, words: wordsOf(data, unit), self: selfWeightsOf(data.rows) };
  }
  return known;
}

const shadePaths = [...stage.querySelectorAll<SVGPathElement>('#marks > path')];

/** The picture's colours, as its paths have them; the last one is that of the root `all`. */
export const shades: readonly { readonly path: SVGPathElement; readonly group: string; readonly ink: string }[] =
  shadePaths.map((path) => ({
    path,
    group: path.getAttribute('data-group')!,
    ink: path.getAttribute('data-ink') ?? '',
  }));

export function shadeOf(index: number): number {
  const { rows, frames } = model();
  return index === 0 ? shades.length - 1 : frames.shade[rows.frame[index]!]!;
}

export function groupOf(index: number): string {
  return shades[shadeOf(index)]!.group;
}
