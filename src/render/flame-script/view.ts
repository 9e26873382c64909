/** Zoom and labels. Only frames that are, or were, in sight are touched. */
export const VIEW_SCRIPT = String.raw`
const HIDDEN = 0;
const SHOWN = 1;
const ANCESTOR = 2;
const LABEL_PADDING = 4;
const NARROWEST_LABEL = 22;
const cutLeft = setting('cut') === 'left';
let zoomed = 0;
let stageWidth = Number(stage.getAttribute('width'));
let state = new Uint8Array(count).fill(SHOWN);

const advances = new Map();
const pen = document.createElementNS(XHTML, 'canvas').getContext('2d');
/* Asked once: each time again the browser would have to style the whole picture. */
const labelStyle = getComputedStyle(stage.querySelector('text'));
pen.font = labelStyle.fontSize + ' ' + labelStyle.fontFamily;

function advance(character) {
  let width = advances.get(character);
  if (width === undefined) {
    width = pen.measureText(character).width;
    advances.set(character, width);
  }
  return width;
}

function measure(text) {
  let width = 0;
  for (const character of text) width += advance(character);
  return width;
}

/* "parse /srv/app/lib/parser.js:10:3" is labelled "parse parser.js:10", then "parse", then "par…". */
const PLACE = /^(.+?) (?:\S*[\/\\])?([^\/\\\s]+?:\d+)(?::\d+)?$/;

function labelFor(name, room) {
  if (room < NARROWEST_LABEL - 2 * LABEL_PADDING) return '';
  const place = name.length < 1000 ? PLACE.exec(name) : null;
  if (place) {
    const short = place[1] + ' ' + place[2];
    if (measure(short) <= room) return short;
  }
  const text = place ? place[1] : name;
  return cutLeft ? backwards(fitting(backwards(text), room)) : fitting(text, room);
}

function backwards(text) {
  return Array.from(text).reverse().join('');
}

function fitting(text, room) {
  const dots = advance('…');
  let used = 0;
  let kept = '';
  let keptCount = 0;
  for (const character of text) {
    used += advance(character);
    if (used > room) return keptCount < 3 ? '' : kept + '…';
    if (used + dots <= room) {
      kept += character;
      keptCount++;
    }
  }
  return text;
}

/* Left edge and width of a frame in the present zoom, as parts of the stage. */
function spanOf(i) {
  if (state[i] === ANCESTOR || weight[zoomed] === 0) return [0, 1];
  return [(left[i] - left[zoomed]) / weight[zoomed], weight[i] / weight[zoomed]];
}

/* As the picture's own labels: dark where 4.5:1 is reached with it (relative luminance, WCAG), else black or white. */
function labelClass(fill) {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const channel = parseInt(fill.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05;
  return light >= 4.5 * 0.0583 ? '' : light * light >= 0.05 * 1.05 ? 'k' : 'w';
}

function fitLabel(i) {
  const [from, width] = spanOf(i);
  const label = labelFor(names[i], width * stageWidth - 2 * LABEL_PADDING);
  let text = texts[i];
  if (!text) {
    if (label === '') return;
    text = texts[i] = document.createElementNS(SVG, 'text');
    text.setAttribute('y', String(Number(rects[i].getAttribute('y')) + Number(setting('baseline'))));
    const color = labelClass(rects[i].getAttribute('fill'));
    if (color) text.setAttribute('class', color);
    groups[i].appendChild(text);
  }
  if (text.textContent !== label) text.textContent = label;
  if (label !== '') text.setAttribute('x', (from * stageWidth + LABEL_PADDING).toFixed(2));
}

function fitLabels() {
  for (let i = 0; i < count; i++) {
    if (state[i] === HIDDEN) continue;
    if (!texts[i] && spanOf(i)[1] * stageWidth < NARROWEST_LABEL) continue;
    fitLabel(i);
  }
}

function showOnly(target) {
  const next = new Uint8Array(count);
  next.fill(SHOWN, target, end[target]);
  for (let i = parent[target]; i >= 0; i = parent[i]) next[i] = ANCESTOR;
  const before = state;
  state = next;
  zoomed = target;
  for (let i = 0; i < count; i++) {
    if (next[i] !== before[i]) {
      groups[i].classList.toggle('hidden', next[i] === HIDDEN);
      groups[i].classList.toggle('path', next[i] === ANCESTOR);
    }
    if (next[i] === HIDDEN) continue;
    const [from, width] = spanOf(i);
    rects[i].setAttribute('x', (100 * from).toFixed(4) + '%');
    rects[i].setAttribute('width', (100 * width).toFixed(4) + '%');
  }
  fitLabels();
}
`;
