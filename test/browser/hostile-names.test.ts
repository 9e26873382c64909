import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startViewServer } from '../../src/view-server/server.ts';
import { requireTool } from '../require-tool.ts';
import { PAYLOADS, TARGETS } from './hostile-pages.ts';
import { chromiumIsHere, launchChromium, openSvg } from './open-svg.ts';

describe.skipIf(!requireTool('chromium', chromiumIsHere))('no script from data runs', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => browser?.close());

  const before = `window.canary = (number) => { document.documentElement.setAttribute('data-canary', number); };
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      console.log('policy', violatedDirective, blockedURI));`;

  test('the canary sings where a script does run', async () => {
    const page = `<!doctype html><body>${PAYLOADS[2]}</body>`;
    const opened = await openSvg(browser, page, { name: 'canary.html', before });
    await opened.page.waitForSelector('[data-canary="3"]', { state: 'attached' });
    await opened.close();
  });

  test.each(TARGETS)('%s', async (name, render) => {
    const text = [...(await render())].join('');
    const { page, misdeeds, close } = await openSvg(browser, text, { name, before });
    // What is drawn late, and what a person does
    await page.mouse.move(600, 400);
    await page.mouse.click(600, 400);
    await page.keyboard.press('Escape');
    await page.waitForTimeout(150);
    expect(await page.locator('[data-canary]').count()).toBe(0);
    // It is there, as text
    expect(await page.locator(':root').textContent()).toContain('canary(1)');
    expect(await page.locator('iframe, img[onerror], [onmouseover], meta[http-equiv=refresh]').count()).toBe(0);
    // Neither an error, nor a request, nor a report of the page's policy
    expect(misdeeds).toEqual([]);
    await close();
  });

  test('the page of `view`', async () => {
    const picture = { type: 'image/svg+xml', body: Buffer.from([...(await TARGETS[0]![1]())].join('')) };
    const server = await startViewServer(PAYLOADS.join(' '), picture, 0);
    const page = await browser.newPage();
    try {
      await page.addInitScript(before);
      const reports: string[] = [];
      page.on('console', (message) => reports.push(message.text()));
      await page.goto(server.url);
      server.tell(PAYLOADS.join(' '));
      await page.getByRole('status').filter({ hasText: 'canary(1)' }).waitFor();
      expect(await page.title()).toContain('canary(1)');
      for (const frame of page.frames()) expect(await frame.locator('[data-canary]').count()).toBe(0);
      expect(reports).toEqual([]);
    } finally {
      await page.close();
      await server.close();
    }
  });
});
