import type { Locator, Page } from 'playwright-core';

/** The frame whose title starts with a name; a frame's own rect is what is clicked. */
export function frame(page: Page, name: string): Locator {
  return page.locator('#frames > g').filter({ has: page.locator('title', { hasText: new RegExp(`^${name} `) }) });
}

export function rect(page: Page, name: string): Locator {
  return frame(page, name).locator('rect');
}

/** The drawn width without the outline of a frame that is pointed at. */
export async function widthOf(page: Page, name: string): Promise<number> {
  return Math.round((await page.evaluate(`(${rectScript(name)}).getBBox().width`)) as number);
}

function rectScript(name: string): string {
  const wanted = JSON.stringify(`${name} `);
  return `[...document.querySelectorAll('#frames > g')].find((g) => g.textContent.startsWith(${wanted})).querySelector('rect')`;
}

/** A computed style of the frame whose title starts with a name. */
export function styleOf(page: Page, name: string, property: string): Promise<unknown> {
  return page.evaluate(`getComputedStyle(${rectScript(name)}).${property}`);
}

export function searchTerm(page: Page): Promise<unknown> {
  return page.evaluate("document.querySelector('#search').value");
}

export function labels(page: Page): Promise<string[]> {
  return page.locator('#frames > g:not(.hidden) > text').allTextContents();
}

export function hits(page: Page): Promise<(string | undefined)[]> {
  return page
    .locator('#frames > g.hit > title')
    .allTextContents()
    .then((titles) => titles.map((title) => title.split(' ')[0]));
}
