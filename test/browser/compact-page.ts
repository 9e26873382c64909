import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** What the picture draws, asked of its own elements: lines of paths, labels, texts of the bars. */

/** Left edge and width in px of what is drawn in the row of a label, of the piece that the label stands on. */
export async function spanOf(page: Page, label: string): Promise<{ left: number; width: number } | undefined> {
  return (await page.evaluate(`(() => {
    const text = [...document.querySelectorAll('#labels text')].find((t) => t.lastChild.textContent.startsWith(${JSON.stringify(label)}));
    if (!text) return undefined;
    const stage = document.querySelector('#frames');
    const line = Math.floor(Number(text.getAttribute('y')) / 16) * 16;
    const at = Number(text.getAttribute('x')) * 10;
    for (const path of document.querySelectorAll('#marks path, #behind path')) {
      let x = 0, y = 0;
      for (const [, dx, dy, width] of (path.getAttribute('d') ?? '').matchAll(/m(-?\\d+) ?(-?\\d+)h(\\d+)/g)) {
        x += Number(dx);
        y += Number(dy);
        if (y === line && x <= at && at <= x + Number(width)) return { left: x / 10, width: Number(width) / 10 };
        x += Number(width);
      }
    }
    return undefined;
  })()`)) as { left: number; width: number } | undefined;
}

/** A point of the window in the middle of the frame on which a label stands. */
async function pointOf(page: Page, label: string): Promise<{ x: number; y: number }> {
  const point = await page.evaluate(`(() => {
    const text = [...document.querySelectorAll('#labels text')].find((t) => t.lastChild.textContent.startsWith(${JSON.stringify(label)}));
    if (!text) return undefined;
    const box = text.getBoundingClientRect();
    return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
  })()`);
  expect(point, `a label that starts with ${label}`).toBeDefined();
  return point as { x: number; y: number };
}

export async function clickOn(page: Page, label: string): Promise<void> {
  const { x, y } = await pointOf(page, label);
  await page.mouse.click(x, y);
}

export async function pointAt(page: Page, label: string): Promise<void> {
  const { x, y } = await pointOf(page, label);
  await page.mouse.move(x, y);
}

/** A label of the static picture may have a title before its text. */
export async function labels(page: Page): Promise<string[]> {
  return (await page.evaluate(
    "[...document.querySelectorAll('#labels text')].map((text) => text.lastChild.textContent)",
  )) as string[];
}

export function searchTerm(page: Page): Promise<unknown> {
  return page.evaluate("document.querySelector('#search').value");
}

/** The labels of the frames that match. */
export function hits(page: Page): Promise<string[]> {
  return page.locator('#labels text.hit').allTextContents();
}

export async function textOf(page: Page, selector: string): Promise<string> {
  return (await page.locator(selector).textContent()) ?? '';
}

export async function search(page: Page, term: string): Promise<void> {
  await page.locator('#search').fill(term);
  await page.keyboard.press('Enter');
}

/** All nodes of the document: elements, texts, comments. */
export async function nodeCount(page: Page): Promise<number> {
  return (await page.evaluate(
    '(() => { let n = 0; const walk = document.createTreeWalker(document); do n++; while (walk.nextNode()); return n; })()',
  )) as number;
}
