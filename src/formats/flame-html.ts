import type { Claim, Format } from './format.ts';
import { decodeText } from './text/lines.ts';

/**
 * Our own HTML reports, read back: those of one profile from the blocks that they draw themselves from
 * (`render/html/page-data` says what is in them), those of a comparison from the two profiles that they embed.
 */
export const flameHtml: Format = {
  id: 'flame-html',
  title: 'report of pforge-prof (HTML)',
  hasSides: true,
  detect,
  read: async (...words) => (await import('./flame-html/read-page.ts')).readPage(...words),
};

function detect(head: Uint8Array): Claim {
  const text = decodeText(head);
  return /^\ufeff?\s*<!doctype html>/i.test(text) && text.includes('<meta name="generator" content="pforge-prof">')
    ? 'yes'
    : 'no';
}
