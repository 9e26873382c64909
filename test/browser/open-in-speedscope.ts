import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, extname, join, normalize } from 'node:path';
import type { Browser } from 'playwright-core';

const require = createRequire(import.meta.url);
const release = join(dirname(require.resolve('speedscope/package.json')), 'dist/release');
const types = new Map([
  ['.html', 'text/html'],
  ['.js', 'text/javascript'],
  ['.css', 'text/css'],
  ['.wasm', 'application/wasm'],
]);

/** What the speedscope application made of a file. */
interface Opened {
  /** As which format it took the file: its own words. */
  readonly format: string;
  /** Errors and dialogs. */
  readonly complaints: readonly string[];
  /** What it saves again with Ctrl-S, in its own format. */
  readonly saved: string;
}

/** The speedscope application (npm package `speedscope`), on a port of its own. */
export interface Speedscope {
  open(name: string, bytes: Buffer): Promise<Opened>;
  close(): void;
}

export async function startSpeedscope(browser: Browser): Promise<Speedscope> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url!, 'http://x').pathname);
    try {
      const bytes = readFileSync(join(release, path === '/' ? 'index.html' : path));
      response.setHeader(
        'content-type',
        types.get(path === '/' ? '.html' : extname(path)) ?? 'application/octet-stream',
      );
      response.end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    close: () => server.close(),
    async open(name, buffer) {
      const page = await browser.newPage({ acceptDownloads: true });
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('dialog', (dialog) => {
        complaints.push(dialog.message());
        void dialog.dismiss();
      });
      const imported = page.waitForEvent('console', { predicate: (message) => /^Importing as /.test(message.text()) });
      await page.goto(url);
      await page.setInputFiles('input[type=file]', { name, mimeType: 'application/octet-stream', buffer });
      const format = (await imported).text();
      await page.getByText('Left Heavy').waitFor();
      const download = page.waitForEvent('download');
      await page.keyboard.press('Control+s');
      const saved = readFileSync(await (await download).path(), 'utf8');
      await page.close();
      return { format, complaints, saved };
    },
  };
}
