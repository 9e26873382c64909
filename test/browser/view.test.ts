import { type ChildProcess, spawn } from 'node:child_process';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bin, workFolder } from '../e2e/run-cli.ts';
import { requireTool } from '../require-tool.ts';
import { chromiumIsHere, launchChromium } from './open-svg.ts';

const here = requireTool('chromium', chromiumIsHere);

describe.skipIf(!here)('pforge-prof view in chromium', () => {
  const file = join(workFolder(), 'x.folded');
  let browser: Browser;
  let server: ChildProcess;
  let page: Page;
  const misdeeds: string[] = [];
  const pictures: string[] = [];

  beforeAll(async () => {
    writeFileSync(file, 'main;first_function 30\nmain;"><script>window.__pwned=1</script> 70\n');
    server = spawn(process.execPath, [bin, 'view', '--no-open', file], { stdio: ['ignore', 'pipe', 'inherit'] });
    const url = await new Promise<string>((done) => {
      server.stdout!.once('data', (chunk: Buffer) => done(chunk.toString().trim()));
    });
    browser = await launchChromium();
    page = await browser.newPage();
    page.on('console', (message) => misdeeds.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => misdeeds.push(`error: ${error.message}`));
    page.on('request', (request) => {
      if (!request.url().startsWith(url)) misdeeds.push(`request: ${request.url()}`);
    });
    page.on('response', async (response) => {
      if (response.url().endsWith('/picture')) pictures.push(await response.text());
    });
    await page.goto(url);
  });
  afterAll(async () => {
    server?.kill('SIGKILL');
    await browser?.close();
  });

  const picture = () => page.frames().find((frame) => frame.url().includes('/picture'))!;
  /** Waits until the page has loaded a picture that it had not before; of what kind it is does not matter here. */
  const isRenewed = async (): Promise<void> => {
    await expect.poll(() => pictures.length, { timeout: 20_000 }).toBeGreaterThan(1);
    const [before] = pictures.splice(0, pictures.length - 1);
    expect(pictures[0]).not.toBe(before);
    await picture().waitForLoadState();
  };

  test('shows the picture, as large as the window, and nothing else; names are text', async () => {
    await expect.poll(() => pictures.length).toBe(1);
    const frame = page.locator('iframe');
    expect(await frame.boundingBox()).toMatchObject({ x: 0, y: 0, width: 1280, height: 720 });
    expect(await page.locator('output').isVisible()).toBe(false);
    expect(await picture().evaluate('window.__pwned')).toBeUndefined();
    expect(await page.title()).toBe(`${file} - pforge-prof`);
  });

  test('follows the file, when it is written again and when it is replaced, and keeps its view', async () => {
    await picture().evaluate("location.hash = '#kept'");
    await expect.poll(() => page.url()).toMatch(/#kept$/);
    writeFileSync(file, 'main;second_function 1\n');
    await isRenewed();
    expect(picture().url()).toMatch(/#kept$/);
    writeFileSync(`${file}.tmp`, 'main;third_function 1\n');
    renameSync(`${file}.tmp`, file);
    await isRenewed();
  });

  test('tells what is wrong above the picture, which stays; and takes it back', async () => {
    const line = page.locator('output');
    writeFileSync(file, 'no profile <b>at all</b>, dear all\n');
    await expect.poll(() => line.textContent(), { timeout: 20_000 }).toContain('x.folded');
    expect(await line.isVisible()).toBe(true);
    expect(await line.locator('b').count()).toBe(0);
    expect(pictures).toHaveLength(1);
    writeFileSync(file, 'main;fourth_function 1\n');
    await isRenewed();
    await expect.poll(() => line.isVisible()).toBe(false);
  });

  test('the page that is loaded again shows the view of its address', async () => {
    await page.reload();
    await expect.poll(() => pictures.length).toBe(2);
    expect(pictures[1]).toBe(pictures[0]);
    expect(picture().url()).toMatch(/#kept$/);
  });

  test('no errors, no request to anyone else, nothing refused by the policies', () => {
    expect(misdeeds).toEqual([]);
  });

  test('says when the server has ended', async () => {
    const ended = new Promise((done) => server.once('exit', done));
    server.kill('SIGINT');
    expect(await ended).toBe(0);
    await expect.poll(() => page.locator('output').textContent()).toMatch(/The server has ended/);
    expect(pictures).toHaveLength(2);
  });
});
