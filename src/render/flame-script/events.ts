/** Mouse, keys, window size, the address's #z=...&s=... and the start. One listener for all frames. */
export const EVENTS_SCRIPT = `
const standalone = root === document.documentElement;
const fluid = standalone && setting('fluid') === 'true';
let cursor = -1;
let hovered = -1;
let headerHeight = 0;
let footerHeight = 0;
let windowHeight = 0;
let pictureHeight = 0;

/* Reads first, then writes: each read after a write would lay out the whole picture again. */
function arrange() {
  if (fluid) {
    root.removeAttribute('viewBox');
    root.setAttribute('width', '100%');
  }
  const width = fluid ? root.getBoundingClientRect().width : Number(setting('width'));
  stageWidth = Math.max(60, width - 2 * Number(stage.getAttribute('x')));
  stage.setAttribute('width', String(stageWidth));
  for (const { holder, content } of [header, footer]) {
    holder.setAttribute('width', String(width));
    content.style.width = width + 'px';
  }
  headerHeight = header.content.offsetHeight;
  footerHeight = footer.content.offsetHeight;
  windowHeight = window.innerHeight;
  const scrolled = standalone ? window.scrollY : 0;
  header.holder.setAttribute('height', String(headerHeight));
  footer.holder.setAttribute('height', String(footerHeight));
  /* Room for the first row under the header */
  const firstRow = inverted ? rootTop : rootTop - (rows - 1) * rowHeight;
  stage.setAttribute('y', String(headerHeight + 10 - firstRow));
  pictureHeight = headerHeight + 10 + rows * rowHeight + 10 + footerHeight;
  root.setAttribute('height', String(standalone ? Math.max(pictureHeight, windowHeight) : pictureHeight));
  if (!fluid) root.setAttribute('viewBox', '0 0 ' + width + ' ' + root.getAttribute('height'));
  stick(scrolled);
}

function stick(scrolled) {
  const bottom = standalone ? Math.min(pictureHeight, scrolled + windowHeight) : pictureHeight;
  header.holder.setAttribute('y', String(scrolled));
  footer.holder.setAttribute('y', String(bottom - footerHeight));
}

/* The address holds zoom and search, so that a link shows what its sender saw. */
function remember(asNewPage) {
  const parts = [];
  if (zoomed !== 0) parts.push('z=' + depth[zoomed] + ',' + left[zoomed]);
  if (term !== '') parts.push('s=' + encodeURIComponent(term));
  const address = '#' + parts.join('&');
  if (!standalone || (location.hash || '#') === address) return;
  try {
    if (asNewPage) history.pushState(null, '', address);
    else history.replaceState(null, '', address);
  } catch (error) {
    /* A browser may forbid it for files: the picture works without. */
  }
}

function recall() {
  let target = 0;
  let text = standalone ? '' : term;
  for (const part of (standalone ? location.hash : '').slice(1).split('&')) {
    if (part.startsWith('z=')) {
      const [row, from] = part.slice(2).split(',').map(Number);
      for (let i = 0; i < count; i++) if (depth[i] === row && left[i] === from) target = i;
    } else if (part.startsWith('s=')) {
      try {
        text = decodeURIComponent(part.slice(2));
      } catch (error) {
        text = '';
      }
    }
  }
  return { target, text };
}

function show(target) {
  if (target !== zoomed) showOnly(target);
  reset.disabled = zoomed === 0;
  showCrumbs();
  showSearch();
  showDetails(hovered);
}

/* The bars cover the window's top and bottom. */
function bringIntoView(i) {
  if (!standalone) return;
  const top = Number(stage.getAttribute('y')) + Number(rects[i].getAttribute('y'));
  const highest = window.scrollY + headerHeight;
  const lowest = window.scrollY + windowHeight - footerHeight - rowHeight;
  if (top < highest) window.scrollBy(0, top - highest - rowHeight);
  else if (top > lowest) window.scrollBy(0, top - lowest + rowHeight);
}

function zoom(target) {
  if (target === zoomed) return;
  moveCursor(-1);
  show(target);
  bringIntoView(target);
  remember(true);
}

function search(text) {
  markHits(text);
  showSearch();
  remember(false);
}

function toggleKind(kind) {
  search(term === 'kind:' + kind ? '' : 'kind:' + kind);
}

function moveCursor(i) {
  if (cursor >= 0) groups[cursor].classList.remove('cursor');
  cursor = i;
  if (i < 0) return;
  groups[i].classList.add('cursor');
  showDetails(i);
  bringIntoView(i);
}

function neighbour(i, step) {
  for (let j = i + step; j >= 0 && j < count; j += step) if (depth[j] === depth[i] && state[j] !== HIDDEN) return j;
  return i;
}

function widestChild(i) {
  let best = i;
  for (let j = i + 1; j < end[i]; j = end[j]) {
    if (state[j] !== HIDDEN && (best === i || weight[j] > weight[best])) best = j;
  }
  return best;
}

function arrow(key) {
  const from = cursor >= 0 ? cursor : zoomed;
  if (key === 'ArrowLeft') return neighbour(from, -1);
  if (key === 'ArrowRight') return neighbour(from, 1);
  return (key === 'ArrowDown') === inverted ? widestChild(from) : Math.max(0, parent[from]);
}

function onKey(event) {
  const typing = document.activeElement === field;
  const find = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'f';
  if ((find && !typing) || (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey)) {
    event.preventDefault();
    field.focus();
    field.select();
  } else if (event.key === 'Escape') {
    if (typing) field.blur();
    clearTimeout(pending);
    if (term !== '' || field.value !== '') search('');
    else if (zoomed !== 0) zoom(0);
    else moveCursor(-1);
  } else if (event.key === 'Enter' && typing) {
    clearTimeout(pending);
    search(field.value);
  } else if (typing || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  } else if (event.key.startsWith('Arrow')) {
    event.preventDefault();
    moveCursor(arrow(event.key));
  } else if (event.key === 'Enter' && cursor >= 0 && !(document.activeElement && document.activeElement.tagName === 'button')) {
    zoom(cursor);
  }
}

let pending = 0;
function frameAt(event) {
  const group = event.target.closest && event.target.closest('#frames > *');
  return group ? indexOf.get(group) : -1;
}

buildBars();
const start = recall();
term = start.text || setting('search');
markHits(term);
show(start.target);
arrange();
showCrumbs();
fitLabels();
/* Reading starts at the root: where it is at the bottom of a tall picture, so is the first view. */
if (standalone && !inverted && window.scrollY === 0) window.scrollTo(0, pictureHeight);
if (zoomed !== 0) bringIntoView(zoomed);

stage.addEventListener('click', (event) => {
  const i = frameAt(event);
  if (i < 0) return;
  /* A frame that is a link leads there; with Ctrl it zooms, as in flamegraph.pl. */
  if (groups[i].tagName === 'a') {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
  }
  zoom(i);
});
stage.addEventListener('mouseover', (event) => {
  hovered = frameAt(event);
  showDetails(hovered);
});
stage.addEventListener('mouseout', () => {
  hovered = -1;
  showDetails(cursor);
});
field.addEventListener('input', () => {
  clearTimeout(pending);
  pending = setTimeout(() => search(field.value), 180);
});
window.addEventListener('keydown', onKey);
window.addEventListener('scroll', () => stick(window.scrollY), { passive: true });
window.addEventListener('popstate', () => {
  const { target, text } = recall();
  if (text !== term) markHits(text);
  moveCursor(-1);
  show(target);
  bringIntoView(target);
});
window.addEventListener('resize', () => {
  arrange();
  showCrumbs();
  fitLabels();
});
`;
