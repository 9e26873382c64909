import { diffSvg } from '../render/diff/compact-diff.ts';
import type { DiffPictureOptions } from '../render/diff/options.ts';
import type { Compared } from './diff-compared.ts';
import type { DiffOptions } from './diff-options.ts';
import { lookOf } from './picture.ts';
import type { Drawing } from './write-format.ts';

/** A comparison as a picture that carries both of its inputs. */
export async function drawPicture(
  format: 'svg' | 'html',
  { comparison, inputs }: Compared,
  options: DiffOptions,
): Promise<Drawing> {
  const drawing: DiffPictureOptions = {
    ...lookOf(options),
    ...(options.widths === undefined ? {} : { widths: options.widths }),
    negate: options.negate === true,
    self: options.self === true,
    notes: options.notes === undefined ? [] : [options.notes],
    embed: options.embed && inputs,
  };
  const isClassic = options.classic === true || options.self === true;
  const renderer = isClassic ? (await import('../render/diff/classic-diff.ts')).diffClassicSvg : diffSvg;
  const notes = options.embed ? [] : ['--no-embed: the inputs cannot be read back from the picture'];
  void format;
  return { chunks: renderer.render(comparison, drawing), notes };
}
