import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';
export const chromiumIsHere = existsSync(CHROMIUM);

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A picture opened from a file, and everything it did that a picture must not do. */
export interface OpenedSvg {
  readonly page: Page;
  /** Console messages, uncaught errors, dialogs, requests but for the file itself. */
  readonly misdeeds: readonly string[];
  close(): Promise<void>;
}

export async function openSvg(
  browser: Browser,
  svg: string,
  options: {
    readonly width?: number;
    readonly height?: number;
    readonly hash?: string;
    readonly scripts?: boolean;
    readonly touch?: boolean;
    /** Default `flame.svg`. */
    readonly name?: string;
    readonly dark?: boolean;
    /** A script that runs in the page before its own. */
    readonly before?: string;
  } = {},
): Promise<OpenedSvg> {
  const folder = mkdtempSync(join(tmpdir(), 'pforge-prof-browser-'));
  const file = join(folder, options.name ?? 'flame.svg');
  writeFileSync(file, svg);
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1200, height: options.height ?? 800 },
    javaScriptEnabled: options.scripts ?? true,
    hasTouch: options.touch ?? false,
    colorScheme: options.dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  if (options.before !== undefined) await page.addInitScript(options.before);
  const misdeeds: string[] = [];
  const url = pathToFileURL(file).href;
  page.on('console', (message) => misdeeds.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => misdeeds.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    misdeeds.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(url)) misdeeds.push(`request: ${request.url()}`);
  });
  await page.goto(url + (options.hash ?? ''));
  return {
    page,
    misdeeds,
    close: async () => {
      await context.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
