import type { Page } from 'playwright-core';

/** Texts with a contrast below 4.5:1 (WCAG AA) to what is behind them. */
export async function faintTexts(page: Page): Promise<unknown> {
  return page.evaluate(`(() => {
    const color = (text) => {
      const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number);
      return { rgb: [r, g, b], a };
    };
    // A pattern lightens its first colour or dots it
    const strokeOf = ({ stroke }) => {
      const pattern = /url("?(#[w-]+)"?)/.exec(stroke);
      return color(pattern === null ? stroke : getComputedStyle(document.querySelector(pattern[1] + ' > path')).fill);
    };
    const over = (top, alpha, below) => top.map((c, i) => c * alpha + below[i] * (1 - alpha));
    const luminance = (rgb) => {
      const [r, g, b] = rgb.map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = (a, b) => {
      const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p);
      return (x + 0.05) / (y + 0.05);
    };
    const ground = color(getComputedStyle(document.querySelector('#ground')).fill).rgb;
    const faint = [];
    for (const text of document.querySelectorAll('#labels text')) {
      const style = getComputedStyle(text);
      const line = Math.floor(Number(text.getAttribute('y')) / 16) * 16;
      const at = Number(text.getAttribute('x')) * 10;
      let behind = ground;
      for (const path of document.querySelectorAll('#marks path, #behind path, #hits')) {
        let x = 0, y = 0;
        for (const [, dx, dy, width] of (path.getAttribute('d') ?? '').matchAll(/[mM](-?\\d+) ?(-?\\d+)h(\\d+)/g)) {
          x += Number(dx); y += Number(dy);
          if (y === line && x <= at && at <= x + Number(width)) {
            const own = getComputedStyle(path);
            const group = path.parentNode.id === 'frames' ? 1 : Number(getComputedStyle(path.parentNode).opacity);
            behind = over(strokeOf(own).rgb, Number(own.opacity) * group, ground);
          }
          x += Number(width);
        }
      }
      const shown = over(color(style.fill).rgb, Number(style.fillOpacity), behind);
      if (contrast(shown, behind) < 4.5) faint.push([text.lastChild.textContent, contrast(shown, behind)]);
    }
    for (const element of document.querySelectorAll('.bar *')) {
      if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '')) continue;
      if (element.closest('.hidden')) continue;
      let behind;
      for (let e = element; !behind; e = e.parentElement) {
        const { rgb, a } = color(getComputedStyle(e).backgroundColor);
        if (a === 1) behind = rgb;
      }
      const style = getComputedStyle(element);
      // Controls that cannot be used need no contrast (WCAG 1.4.3)
      if (element.disabled) continue;
      const value = contrast(color(style.color).rgb, behind);
      if (value < 4.5) faint.push([element.textContent, value]);
    }
    return faint;
  })()`);
}
