import { writeDifffolded } from '../../formats/difffolded.ts';
import { diffCsv } from '../../render/diff/table-csv.ts';
import { diffJson } from '../../render/diff/table-json.ts';
import { diffMarkdown } from '../../render/diff/table-md.ts';
import { diffText } from '../../render/diff/table-text.ts';
import { textLook } from '../../terminal/text-look.ts';
import type { World } from '../../world.ts';
import type { Drawing } from '../flame/write-format.ts';
import type { Compared } from './compared.ts';
import type { DiffFormat, DiffOptions } from './options.ts';

/** A comparison in one of its formats. */
export async function drawDiff(
  format: DiffFormat,
  result: Compared,
  options: DiffOptions,
  world: World,
  toStdout: boolean,
): Promise<Drawing> {
  const { comparison } = result;
  const plain = (chunks: Iterable<string>): Drawing => ({ chunks, notes: [] });
  switch (format) {
    case 'text': {
      const { width, color } = textLook(world, toStdout, options.color);
      return plain([diffText(comparison, { limit: options.top, width, color })]);
    }
    case 'md':
      return plain(diffMarkdown(comparison, { limit: options.top }));
    case 'csv':
      return plain(diffCsv(comparison));
    case 'json':
      return plain(diffJson(comparison));
    case 'svg':
    case 'html':
      return (await import('./picture.ts')).drawPicture(format, result, options);
    case 'folded':
      return writeDifffolded(comparison, {
        normalize: options.normalize === true,
        ...(options.factor === undefined ? {} : { factor: options.factor }),
      });
  }
}
