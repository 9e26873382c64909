import { type DiffData, readDiff } from '../../../embedded/diff-block.ts';
import { model, unit } from '../../compact/browser/model.ts';
import { setting } from '../../compact/browser/page.ts';
import type { Drawing } from '../../compact/browser/picture.ts';
import { diffColors } from '../diff-colors.ts';
import { viewOf } from '../diff-rows.ts';
import { type DiffWords, diffWordsOf } from '../diff-words.ts';
import type { Widths } from '../widths.ts';

/** What a differential picture knows beyond what is drawn. */
export interface DiffModel {
  readonly data: DiffData;
  readonly words: DiffWords;
}

let known: DiffModel;

/** Reads the block of data, of which {@link diffModel} then tells. */
export function readModel(text: string, widths: Widths): Drawing {
  const data = readDiff(text);
  const words = diffWordsOf(data, unit);
  known = { data, words };
  const { rows, scale, frames, ratio } = data;
  const share = Float64Array.from(rows.verdict, (_, index) => words.share(index));
  const { shadeOf } = diffColors(rows.verdict, share, setting('negate') === 'true');
  return { rows: viewOf(rows, widths, ratio), scale, functions: frames.length, words, shadeOf };
}

export function diffModel(): DiffModel {
  // It is read when it is first needed
  model();
  return known;
}
