import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openInBrowser } from '../processes/browser.ts';
import type { Call } from './command.ts';

const NO_BROWSER = 'no browser could be started (set BROWSER, or install xdg-utils)';

/** Shows a page to the person. Where no browser can be started, they are told where it is: that is no failure. */
export async function showUrl(url: string, call: Call, say: (line: string) => void): Promise<void> {
  if (!(await openInBrowser(url, call.world.env))) say(`${NO_BROWSER}; open it yourself: ${url}`);
}

/** @param path of a picture that is on disk */
export function showFile(path: string, call: Call, say: (line: string) => void): Promise<void> {
  return showUrl(pathToFileURL(resolve(path)).href, call, say);
}
