import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { profileOf } from '../profile/profile-of.ts';
import { draw } from '../render/compact/data-of.ts';
import { requireTool } from '../require-tool.ts';
import { clickOn, search, spanOf, textOf } from './compact-page.ts';
import { faintTexts } from './faint-texts.ts';
import { chromiumIsHere, launchChromium } from './open-svg.ts';

/** Every name fits or does not, whichever the machine's fonts are: a picture knows only how wide they are likely to be. */
const profile = profileOf`
  main{app};parse /srv/app/lib/parse.js:10:3{app};slice{builtin} 30
  main{app};parse /srv/app/lib/parse.js:10:3{app} 20
  main{app};resolve /srv/app/node_modules/r/index.js:5:1{dependency};stat node:fs:7:2{runtime};sys_stat{kernel} 40
  (program){gc} 10
`;

/** Only this picture's own script and style may run, and nothing may be fetched. */
function policyOf(svg: string): string {
  const hash = (element: string): string => {
    const [, text] = new RegExp(`<${element}>([\\s\\S]*?)</${element}>`).exec(svg)!;
    const content = text!.replace('<![CDATA[', '').replace(']]>', '');
    return `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
  };
  return `default-src 'none'; script-src ${hash('script')}; style-src ${hash('style')}`;
}

describe.skipIf(!requireTool('chromium', chromiumIsHere))(
  'compact flame graph SVG elsewhere than in a file of its own',
  () => {
    let browser: Browser;
    const folder = mkdtempSync(join(tmpdir(), 'pforge-prof-hosts-'));
    beforeAll(async () => {
      browser = await launchChromium();
    });
    afterAll(async () => {
      await browser?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    async function newPage(scheme: 'light' | 'dark' = 'light'): Promise<{ page: Page; misdeeds: string[] }> {
      const page = await browser.newPage({ viewport: { width: 1200, height: 600 }, colorScheme: scheme });
      const misdeeds: string[] = [];
      page.on('console', (message) => misdeeds.push(`console: ${message.text()}`));
      page.on('pageerror', (error) => misdeeds.push(`error: ${error.message}`));
      return { page, misdeeds };
    }

    function fileOf(name: string, content: string): string {
      writeFileSync(join(folder, name), content);
      return pathToFileURL(join(folder, name)).href;
    }

    test('from a server with a strict content security policy', async () => {
      const svg = draw(profile);
      const server = createServer((_request, response) => {
        response.writeHead(200, { 'content-type': 'image/svg+xml', 'content-security-policy': policyOf(svg) });
        response.end(svg);
      });
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      const { page, misdeeds } = await newPage();
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/flame.svg`);
      await clickOn(page, 'parse');
      await search(page, 'slice');
      expect(await textOf(page, '#matched')).toBe('Matched: 60.00% of view, 30.00% of all');
      await page.keyboard.press('Escape');
      expect(misdeeds).toEqual([]);
      await page.close();
      server.close();
    });

    test('inside an HTML file with a strict content security policy', async () => {
      const svg = draw(profile).replace(/^<\?xml.*\?>\n/, '');
      // HTML keeps what stands in CDATA of SVG as text, so the hash is that of the same script
      const policy = policyOf(svg);
      const url = fileOf(
        'page.html',
        `<!DOCTYPE html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><title>t</title></head><body><p>Before</p>${svg}<p>After</p></body></html>`,
      );
      const { page, misdeeds } = await newPage();
      await page.goto(url);
      await clickOn(page, 'parse');
      expect((await spanOf(page, 'parse'))?.width).toBe(1179.4);
      expect(await page.evaluate('location.hash'), 'the address is the page’s').toBe('');
      await search(page, 'slice');
      expect(await textOf(page, '#matched')).toContain('60.00% of view');
      expect(misdeeds).toEqual([]);
      await page.close();
    });

    test.each(['light', 'dark'] as const)('as <img> it is what the script shows first (%s)', async (scheme) => {
      const svg = draw(profile);
      const url = fileOf('flame.svg', svg);
      const { page } = await newPage(scheme);
      await page.goto(url);
      const top = await page.evaluate("document.querySelector('#frames').getScreenCTM().f");
      const clip = (y: number) => ({ x: 0, y, width: 1200, height: 80 });
      const live = await page.screenshot({ clip: clip(top as number) });
      await page.goto(
        fileOf('img.html', `<!DOCTYPE html><body style="margin:0"><img src="flame.svg" style="display:block">`),
      );
      const still = await page.screenshot({ clip: clip(101) });
      expect(await differingPixels(page, live, still)).toBe(0);
      await page.close();
    });

    test.each(['light', 'dark'] as const)('every text can be read (%s)', async (scheme) => {
      const { page, misdeeds } = await newPage(scheme);
      await page.goto(fileOf('flame.svg', draw(profile)));
      expect(await faintTexts(page)).toEqual([]);
      await clickOn(page, 'parse');
      expect(await faintTexts(page)).toEqual([]);
      await search(page, 'slice');
      expect(await faintTexts(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.locator('#kinds button').first().click();
      await page.locator('#keys').click();
      expect(await faintTexts(page)).toEqual([]);
      expect(misdeeds).toEqual([]);
      await page.close();
    });
  },
);

async function differingPixels(page: Page, a: Buffer, b: Buffer): Promise<number> {
  return (await page.evaluate(
    `(async () => {
      const pixels = async (data) => {
        const image = new Image();
        image.src = 'data:image/png;base64,' + data;
        await image.decode();
        const canvas = document.createElement('canvas');
        canvas.width = image.width;
        canvas.height = image.height;
        const pen = canvas.getContext('2d');
        pen.drawImage(image, 0, 0);
        return pen.getImageData(0, 0, image.width, image.height).data;
      };
      const [one, two] = [await pixels(${JSON.stringify(a.toString('base64'))}), await pixels(${JSON.stringify(b.toString('base64'))})];
      if (one.length !== two.length) return -1;
      let count = 0;
      for (let i = 0; i < one.length; i += 4) {
        // A rounding of one step is not to be seen
        if ([0, 1, 2].some((c) => Math.abs(one[i + c] - two[i + c]) > 2)) count++;
      }
      return count;
    })()`,
  )) as number;
}
