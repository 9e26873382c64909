import { type FlameRows, selfWeightsOf } from '../../../embedded/flame-rows.ts';
import type { DisplayUnit } from '../../../profile/units.ts';
import { find, setting, stage } from './page.ts';
import { type Drawing, picture } from './picture.ts';

/** The picture's data and what follows from them. */
export interface Model extends Drawing {
  readonly self: Float64Array;
}

/** In what the picture shows weights. */
export const unit: DisplayUnit = { divisor: Number(setting('divisor')), name: setting('unit-name') };
let known: Model | undefined;

/** Read when it is first needed: a picture that nobody touches does without. */
export function model(): Model {
  if (known === undefined) {
    const { dataId, read } = picture();
    const drawing = read(find(`#${dataId}`).textContent ?? '');
    known = { ...drawing, self: selfWeightsOf(drawing.rows) };
  }
  return known;
}

/** Gives the frames other places and weights. They are the same frames, in the same order. */
export function changeRows(rows: FlameRows): void {
  known = { ...model(), rows, self: selfWeightsOf(rows) };
}

const shadePaths = [...stage.querySelectorAll<SVGPathElement>('#marks > path')];

/** The picture's colours, as its paths have them; the last one is that of the root `all`. */
export const shades: readonly { readonly path: SVGPathElement; readonly group: string; readonly ink: string }[] =
  shadePaths.map((path) => ({
    path,
    group: path.getAttribute('data-group')!,
    ink: path.getAttribute('data-ink') ?? '',
  }));

export function groupOf(index: number): string {
  return shades[model().shadeOf[index]!]!.group;
}
