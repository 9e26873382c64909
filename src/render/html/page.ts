import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { packageRoot } from '../../package-root.ts';
import { escapeXml } from '../escape.ts';
import { hashOf, pageHead } from './static-page.ts';

/** What a page is made of. */
export interface PageParts {
  readonly title: string;
  /** Behind the title in the window's; '' = none. */
  readonly subtitle: string;
  /** What the build made of the page's script and style sheet: `dist/html/NAME.js` and `.css`. */
  readonly app: 'app' | 'diff';
  /** What makes a picture of the same that needs no script: a command. */
  readonly instead: string;
  /** What the script draws from, by the id of its element. */
  readonly blocks: readonly { readonly id: string; readonly bytes: Uint8Array<ArrayBuffer> }[];
  /** Elements that nothing draws. */
  readonly embedded?: Iterable<string>;
}

/** Level 6 makes the block 4 % smaller and takes twice as long. */
const GZIP_LEVEL = 4;
/** Multiple of three: each piece is base64 without padding. */
const PIECE = 3 << 18;

/**
 * One self-contained page. It loads nothing and its Content-Security-Policy allows nothing but its own script and style, by
 * their hashes. Names of the profile are in compressed blocks, but for the title, and reach the document as text only.
 */
export function* htmlPage({ title, subtitle, app, instead, blocks, embedded }: PageParts): Iterable<string> {
  const script = builtFile(`${app}.js`);
  const style = builtFile(`${app}.css`);
  const policy = `default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf(style)}`;
  yield pageHead(subtitle === '' ? title : `${title} – ${subtitle}`, policy, style);
  yield `<noscript>This report draws itself: it needs JavaScript, and loads nothing. <code>${escapeXml(instead)}</code> makes a picture that does not need it.</noscript>
`;
  for (const { id, bytes } of blocks) yield* dataBlock(id, bytes);
  if (embedded !== undefined) {
    yield '<template>';
    yield* embedded;
    yield '</template>\n';
  }
  yield `<script>${script}</script>
</body>
</html>
`;
}

/** A script element of a type that no browser runs, with compressed bytes in base64. */
function* dataBlock(id: string, bytes: Uint8Array<ArrayBuffer>): Iterable<string> {
  const packed = gzipSync(bytes, { level: GZIP_LEVEL });
  yield `<script type="application/gzip" id="${id}">`;
  for (let from = 0; from < packed.length; from += PIECE) yield packed.toString('base64', from, from + PIECE);
  yield '</script>\n';
}

/** What the build made. */
function builtFile(name: string): string {
  return readFileSync(join(packageRoot(), 'dist/html', name), 'utf8').trim();
}
