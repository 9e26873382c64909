import { decodeText } from './text/lines.ts';

const magics: readonly (readonly [magic: readonly number[], name: string])[] = [
  [[0x7f, 0x45, 0x4c, 0x46], 'an ELF program or library'],
  [[0x1f, 0x8b], 'gzip data inside gzip data'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'zstd data'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'xz data'],
  [[0x42, 0x5a, 0x68], 'bzip2 data'],
  [[0x50, 0x4b, 0x03, 0x04], 'a zip archive'],
  [[0x89, 0x50, 0x4e, 0x47], 'a PNG picture'],
  [[0x25, 0x50, 0x44, 0x46], 'a PDF document'],
  [[...Buffer.from('PERFILE2')], 'a perf.data file'],
];

/** What bytes look like, in words, for messages: `an HTML page`, `zstd data`, `binary data`. */
export function describeContent(head: Uint8Array): string {
  const magic = magics.find(([bytes]) => bytes.every((byte, i) => head[i] === byte));
  if (magic) return magic[1];
  const text = decodeText(head).trimStart();
  if (/^<!doctype html|^<html/i.test(text)) return 'an HTML page';
  if (text.startsWith('<') && /<svg[\s>]/i.test(text)) return 'an SVG picture';
  if (/^<\?xml|^<[a-z]+[\s>]/i.test(text)) return 'an XML document';
  if (isBinary(text)) return 'binary data';
  if (/^[{[]|^(?:null|true|false)\b|^"/.test(text)) return 'JSON that is no profile';
  return 'plain text';
}

/** Text holds neither NULs nor much that is not a character. */
function isBinary(text: string): boolean {
  const odd = text.match(/[\0-\x08\x0e-\x1a\x1c-\x1f\ufffd]/g)?.length ?? 0;
  return text.includes('\0') || odd * 10 > text.length;
}
