import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../package-root.ts';
import { hashOf, pageHead } from '../html/static-page.ts';

/** The name of the file that {@link dashboardPage} loads, beside it. */
export const DATA_FILE = 'history-data.js';

/**
 * The page of a history. It loads one script beside it, which works from `file://` too, and nothing else.
 * @param inline of historyBlock: the data stand in the page. Default: in {@link DATA_FILE}
 */
export function* dashboardPage(title: string, inline?: Uint8Array): Iterable<string> {
  const built = (name: string): string => readFileSync(join(packageRoot(), 'dist/html', name), 'utf8').trim();
  const [script, style] = [built('dashboard.js'), built('dashboard.css')];
  const data = inline === undefined ? undefined : dataScript(inline);
  const source = data === undefined ? "'self'" : hashOf(data);
  yield pageHead(
    title,
    `default-src 'none'; script-src ${hashOf(script)} ${source}; style-src ${hashOf(style)}`,
    style,
  );
  yield '<noscript>This page draws itself: it needs JavaScript. <code>pforge-prof track</code> tells the same as text.</noscript>\n';
  yield data === undefined ? `<script src="${DATA_FILE}"></script>\n` : `<script>${data}</script>\n`;
  yield `<script>${script}</script>\n</body>\n</html>\n`;
}

/** A script that holds data: base64 has no character that could end it. */
export function dataScript(block: Uint8Array): string {
  return `globalThis.pforgeProfHistory="${Buffer.from(block).toString('base64')}";`;
}
