import type { DiffRenderer } from '../../render/diff/compact-diff.ts';
import type { DiffPictureOptions } from '../../render/diff/options.ts';
import { lookOf } from '../flame/picture.ts';
import type { Drawing } from '../flame/write-format.ts';
import type { Compared } from './compared.ts';
import type { DiffOptions } from './options.ts';

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
  const renderer = await rendererOf(format, options);
  const notes = options.embed ? [] : ['--no-embed: the inputs cannot be read back from the picture'];
  return { chunks: renderer.render(comparison, drawing), notes };
}

async function rendererOf(format: 'svg' | 'html', { classic, self }: DiffOptions): Promise<DiffRenderer> {
  if (format === 'html') return (await import('../../render/diff/html/diff-html.ts')).diffHtml;
  if (classic || self) return (await import('../../render/diff/classic-diff.ts')).diffClassicSvg;
  return (await import('../../render/diff/compact-diff.ts')).diffSvg;
}
