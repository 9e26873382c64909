import { copy, flip, moveCursor, resize, search, see, showAll, step, toggleHelp, toggleKind, zoom } from './actions.ts';
import { recall } from './address.ts';
import { buildBars, footer, header, showCrumbs, showDetails, showSearch } from './bars.ts';
import {
  drawAllLabels,
  drawLabels,
  search as drawSearch,
  frameAtPoint,
  hasNarrowFont,
  point,
  prepareStage,
  view,
} from './draw.ts';
import { listenToKeys } from './keys.ts';
import { model } from './model.ts';
import { find, root, setAttributes, stage, standalone } from './page.ts';
import { type Picture, usePicture } from './picture.ts';
import { state } from './state.ts';
import { arrange, arrangeForPrint, scrollToRoot, stick } from './window.ts';

/** Makes a still picture a living one. */
export function start(picture: Picture): void {
  usePicture(picture);
  buildBars({ zoom, search, flip, step, copy, toggleKind, toggleHelp });
  prepareStage();
  root.append(header.holder, footer.holder);
  root.classList.add('live');
  setAttributes(root, { role: 'group', 'aria-label': find('title').textContent ?? '' });
  setAttributes(stage, {
    role: 'application',
    'aria-roledescription': 'flame graph',
    'aria-label': `${find('desc').textContent} Arrow keys walk along the stacks, Enter zooms.`,
    tabindex: 0,
  });
  const linked = recall();
  showCrumbs(view().width, zoom);
  showDetails(-1);
  const anew = arrange();
  if (state.term !== '' || state.kinds.size > 0) drawSearch();
  // The static picture is right as it is where the window has its width and nothing else is asked for
  if (anew || linked) showAll();
  else showSearch();
  if (standalone && window.scrollY === 0) scrollToRoot(state.inverted);
  if (state.zoomed !== 0) see(state.zoomed);
  listen();
}

function listen(): void {
  let byTouch = false;
  stage.addEventListener('pointerdown', (event) => {
    byTouch = event.pointerType === 'touch';
  });
  stage.addEventListener('pointermove', (event) => {
    if (event.pointerType === 'touch') return;
    const index = frameAtPoint(event.clientX, event.clientY);
    if (index === state.pointed) return;
    point(index);
    showDetails(index >= 0 ? index : state.cursor);
  });
  stage.addEventListener('pointerleave', (event) => {
    // A finger that is lifted leaves, too
    if (event.pointerType === 'touch') return;
    point(-1);
    showDetails(state.cursor);
  });
  stage.addEventListener('click', (event) => {
    const index = frameAtPoint(event.clientX, event.clientY);
    if (index < 0) return;
    // A finger does not hover: the first touch tells, the second zooms
    if (!byTouch || state.pointed === index) return zoom(index);
    point(index);
    showDetails(index);
  });
  // Whoever gets here with the Tab key sees where he is
  stage.addEventListener('focus', () => {
    if (state.cursor < 0 && stage.matches(':focus-visible')) moveCursor(state.zoomed);
  });
  listenToKeys();
  window.addEventListener('scroll', onScroll, { passive: true });
  window.addEventListener('resize', () => requestAnimationFrame(resize));
  window.addEventListener('beforeprint', () => {
    arrangeForPrint();
    drawAllLabels();
  });
  window.addEventListener('afterprint', stick);
  if (standalone) window.addEventListener('popstate', onPopState);
  // The first touch of the picture, and the first search, then wait for nothing
  const idle = window.requestIdleCallback ?? ((work: () => void) => setTimeout(work, 200));
  idle(() => {
    model();
    if (hasNarrowFont()) drawLabels(true);
    prepareLabels(0, idle);
  });
}

const LABELS_A_TURN = 4000;

function prepareLabels(from: number, idle: (work: () => void) => unknown): void {
  const { rows, words } = model();
  const to = Math.min(rows.frame.length, from + LABELS_A_TURN);
  for (let i = from; i < to; i++) words.label(i);
  if (to < rows.frame.length) idle(() => prepareLabels(to, idle));
}

function onScroll(): void {
  stick();
  requestAnimationFrame(() => drawLabels(false));
}

function onPopState(): void {
  if (!recall()) {
    state.term = '';
    state.kinds.clear();
  }
  state.cursor = -1;
  drawSearch();
  showAll();
  if (state.zoomed !== 0) see(state.zoomed);
}
