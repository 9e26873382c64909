import type { TimedSamples } from '../../../embedded/page-columns.ts';
import { type PageSummary, SAMPLES_ID, SUMMARY_ID } from '../page-data.ts';
import { decodeSamples, decodeSummary, type PageData } from './decode.ts';

/** @throws {Error} the page is not whole */
export async function readSummary(): Promise<PageData> {
  return decodeSummary(await unpacked(SUMMARY_ID));
}

/** @returns undefined where the samples have no times */
export async function readSamples(summary: PageSummary): Promise<TimedSamples | undefined> {
  return summary.firstTime === undefined ? undefined : decodeSamples(await unpacked(SAMPLES_ID), summary);
}

/**
 * The bytes of a block of the page, which is taken out of it.
 * @throws {Error} the page is not whole
 */
export async function unpacked(id: string): Promise<Uint8Array> {
  const block = document.getElementById(id);
  if (block === null) throw new Error('the file is not whole');
  const text = atob(block.textContent ?? '');
  // Millions of characters, which nobody needs any more.
  block.remove();
  const packed = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) packed[i] = text.charCodeAt(i);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
