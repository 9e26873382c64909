import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HistoryEntry } from '../../src/history/entry.ts';
import { judged, seriesOf } from '../../src/history/series.ts';
import { DATA_FILE, dashboardPage, dataScript } from '../../src/render/dashboard/dashboard-html.ts';
import { historyBlock } from '../../src/render/dashboard/history-data.ts';
import { SeededRandom } from '../../src/statistics/random.ts';
import { requireTool } from '../require-tool.ts';
import { chromiumIsHere, launchChromium } from './open-svg.ts';

const HOSTILE = '</script><img src=x onerror=window.__pwned=1>"\u202e';

function entries(): HistoryEntry[] {
  const random = new SeededRandom(3);
  return Array.from({ length: 60 }, (_, i) => {
    const time = new Date(Date.UTC(2026, 0, 1 + i)).toISOString();
    const value = (name: string, level: number) => {
      const measured = level * (1 + 0.01 * random.normal());
      return { name, unit: 'ns', better: 'smaller' as const, value: measured, low: measured - 1, high: measured + 1 };
    };
    return {
      version: 1,
      time,
      suite: 'core',
      commit: { id: String(i).padStart(40, 'c'), time, subject: i === 40 ? HOSTILE : `change ${i}` },
      machine: i % 2 ? 'one' : 'two',
      tools: {},
      results: [value('parse (fast)', i < 40 ? 100 : 120), value(`hash ${HOSTILE}`, 500)],
    };
  });
}

describe.skipIf(!requireTool('chromium', chromiumIsHere))('the dashboard in chromium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pforge-prof-dashboard-'));
  let browser: Browser;
  let page: Page;
  const misdeeds: string[] = [];
  beforeAll(async () => {
    const block = historyBlock(
      `Title ${HOSTILE}`,
      seriesOf(entries()).map((one) => judged(one)),
    );
    writeFileSync(join(folder, DATA_FILE), dataScript(block));
    writeFileSync(join(folder, 'index.html'), [...dashboardPage(`Title ${HOSTILE}`)].join(''));
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
    page.on('console', (message) => misdeeds.push(message.text()));
    page.on('pageerror', (error) => misdeeds.push(error.message));
    await page.goto(pathToFileURL(join(folder, 'index.html')).href);
    await page.waitForSelector('html[data-ready]', { state: 'attached' });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const cards = () => page.locator('.card:visible').count();

  test('a card for each series and machine, with what changed since which commit', async () => {
    expect(await cards()).toBe(4);
    expect(await page.locator('.card .regressed').count()).toBe(2);
    expect(await page.locator('.card .regressed').first().textContent()).toMatch(
      /regressed \+\d+\.\d % since ccccccccc/,
    );
    const drawn = await page
      .locator('canvas')
      .first()
      .evaluate((canvas) => (canvas as unknown as { toDataURL(): string }).toDataURL().length);
    expect(drawn).toBeGreaterThan(2000);
  });

  test('text is found literally; machines and changes are chosen', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('(FAST');
    expect(await cards()).toBe(2);
    await page.getByLabel('machine').selectOption({ label: 'one' });
    expect(await cards()).toBe(1);
    await page.getByLabel('Find a benchmark').fill('');
    await page.getByLabel('changes').selectOption({ label: 'not changed' });
    expect(await cards()).toBe(1);
    await page.getByLabel('changes').selectOption('');
    await page.getByLabel('machine').selectOption('');
  });

  test('by keyboard: a card opens, arrows step through commits, n goes to a change, Escape closes', async () => {
    await page.locator('.card button').first().focus();
    await page.keyboard.press('Enter');
    const told = page.locator('.told');
    await page.keyboard.press('Home');
    expect(await told.textContent()).toMatch(/2026-01-01: \d+(\.\d+)? ns \(.* to .*\) – change 0/);
    await page.keyboard.press('ArrowRight');
    expect(await told.textContent()).toContain('2026-01-03');
    await page.keyboard.press('n');
    expect(await told.textContent()).toContain('regressed');
    expect(await page.locator('dialog[open] tbody tr').count()).toBe(1);
    await page.keyboard.press('Escape');
    expect(await page.locator('dialog[open]').count()).toBe(0);
  });

  test('two commits side by side, with ratios', async () => {
    await page.getByText('Compare commits').click();
    const dialog = page.locator('dialog[open]');
    await dialog.getByLabel('before').selectOption({ index: 59 });
    await dialog.getByLabel('after').selectOption({ index: 1 });
    expect(await dialog.locator('tbody tr').count()).toBe(2);
    expect(Number(await dialog.locator('tbody tr').first().locator('td').nth(3).textContent())).toBeCloseTo(1.2, 1);
    await page.keyboard.press('Escape');
  });

  test('on a narrow screen the page does not scroll sideways; dark by preference', async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(await ground()).toBe('rgb(255, 255, 255)');
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await ground()).toBe('rgb(23, 24, 29)');
  });

  test('names are text, nothing is refused by the policy, no errors', async () => {
    expect(await page.evaluate('window.__pwned')).toBeUndefined();
    expect(misdeeds).toEqual([]);
  });
});
