import { rowCount } from '../../../embedded/flame-rows.ts';
import { footer, header } from './bars.ts';
import { rowHeight, setStageWidth } from './draw.ts';
import { fluid, root, setAttributes, setting, stage, standalone } from './page.ts';

const MARGIN = Number(stage.getAttribute('x'));
const SPACE = 10;
/** px: what is narrower gets its bars on more lines. */
const NARROW = 760;
const stageHeight = Number(stage.getAttribute('height'));
let pictureHeight = 0;
let pictureWidth = 0;
let windowHeight = 0;
let headerHeight = 0;
let footerHeight = 0;

/**
 * Fits the picture into the window. Reads first, then writes: each read after a write would lay out the whole again.
 * @returns whether the frames have another width now
 */
export function arrange(): boolean {
  if (fluid) {
    root.removeAttribute('viewBox');
    setAttributes(root, { width: '100%' });
  }
  pictureWidth = fluid ? root.getBoundingClientRect().width : Number(setting('width'));
  for (const { holder, content } of [header, footer]) {
    setAttributes(holder, { width: pictureWidth });
    content.style.width = `${pictureWidth}px`;
    content.classList.toggle('narrow', pictureWidth < NARROW);
  }
  fitBars();
  return setStageWidth(Math.max(60, pictureWidth - 2 * MARGIN));
}

/** After the bars have got more or less in them. */
export function fitBars(): void {
  headerHeight = header.content.offsetHeight;
  footerHeight = footer.content.offsetHeight;
  windowHeight = window.innerHeight;
  setAttributes(header.holder, { height: headerHeight });
  setAttributes(footer.holder, { height: footerHeight });
  setAttributes(stage, { y: headerHeight + SPACE });
  pictureHeight = headerHeight + SPACE + stageHeight + SPACE + footerHeight;
  const height = standalone ? Math.max(pictureHeight, windowHeight) : pictureHeight;
  setAttributes(root, { height, ...(fluid ? {} : { viewBox: `0 0 ${pictureWidth} ${height}` }) });
  stick();
}

/** Keeps the bars at the window's edges. */
export function stick(): void {
  const scrolled = standalone ? window.scrollY : 0;
  const bottom = standalone ? Math.min(pictureHeight, scrolled + windowHeight) : pictureHeight;
  setAttributes(header.holder, { y: scrolled });
  setAttributes(footer.holder, { y: bottom - footerHeight });
}

/** Scrolls so that the root can be seen: reading starts there. */
export function scrollToRoot(inverted: boolean): void {
  if (standalone) window.scrollTo(0, inverted ? 0 : pictureHeight);
}

/** Scrolls a line of frames out from under the bars. */
export function bringIntoView(line: number): void {
  if (!standalone) return;
  const top = headerHeight + SPACE + line * rowHeight;
  const highest = window.scrollY + headerHeight;
  const lowest = window.scrollY + windowHeight - footerHeight - rowHeight;
  if (top < highest) window.scrollBy(0, top - highest - rowHeight);
  else if (top > lowest) window.scrollBy(0, top - lowest + rowHeight);
}

/** The whole picture as paper shows it: the bars at its ends. */
export function arrangeForPrint(): void {
  setAttributes(header.holder, { y: 0 });
  setAttributes(footer.holder, { y: pictureHeight - footerHeight });
}

/** The line in which a row of frames is drawn. */
export function lineOf(rows: Parameters<typeof rowCount>[0], row: number, inverted: boolean): number {
  return inverted ? row : rowCount(rows) - 1 - row;
}
