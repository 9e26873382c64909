/**
 * Reads the drawn frames into columns, once. Frames stand in preorder, so the frames above frame i are exactly
 * i + 1 .. end[i] - 1 and no number is compared to find out what lies on what.
 */
export const FRAMES_SCRIPT = String.raw`
const SVG = 'http://www.w3.org/2000/svg';
const XHTML = 'http://www.w3.org/1999/xhtml';
const FG = 'http://github.com/jonhoo/inferno';
const root = (document.currentScript && document.currentScript.closest('svg')) || document.documentElement;
const stage = root.querySelector('#frames');
const setting = (name) => root.getAttribute('data-' + name) || '';
const rowHeight = Number(setting('row-height'));
const rows = Number(setting('rows'));
const rootTop = Number(setting('root-top'));
const inverted = setting('orientation') === 'down';
const divisor = Number(setting('divisor'));
const unit = setting('unit-name');

const groups = Array.from(stage.children);
const count = groups.length;
const rects = new Array(count);
const texts = new Array(count);
const names = new Array(count);
const kinds = new Array(count);
const changes = new Array(count);
const left = new Float64Array(count);
const weight = new Float64Array(count);
const self = new Float64Array(count);
const depth = new Int32Array(count);
const parent = new Int32Array(count);
const end = new Int32Array(count);
const indexOf = new Map();

for (let i = 0, open = -1; i < count; i++) {
  const group = groups[i];
  const rect = group.querySelector('rect');
  const title = group.querySelector('title').textContent;
  const nameEnd = title.lastIndexOf(' (');
  rects[i] = rect;
  texts[i] = group.querySelector('text');
  names[i] = nameEnd < 0 ? title : title.slice(0, nameEnd);
  kinds[i] = group.classList[0] || 'unknown';
  changes[i] = (/; ([+-]?[\d.]+%)\)$/.exec(title) || ['', ''])[1];
  left[i] = Number(rect.getAttributeNS(FG, 'x'));
  weight[i] = self[i] = Number(rect.getAttributeNS(FG, 'w'));
  depth[i] = Math.abs(Math.round((Number(rect.getAttribute('y')) - rootTop) / rowHeight));
  while (open >= 0 && depth[open] >= depth[i]) {
    end[open] = i;
    open = parent[open];
  }
  parent[i] = open;
  if (open >= 0) self[open] -= weight[i];
  open = i;
  indexOf.set(group, i);
  if (i === count - 1) for (; open >= 0; open = parent[open]) end[open] = count;
}

/* Where frames too narrow to draw lie on a frame, its own share is written down. */
for (let i = 0; i < count; i++) {
  const exact = groups[i].getAttribute('data-self');
  if (exact !== null) self[i] = Number(exact);
}

function number(value) {
  const scaled = value / divisor;
  const size = Math.abs(scaled);
  const decimals = Number.isInteger(scaled) || size >= 10000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3;
  const parts = scaled.toFixed(decimals).split('.');
  const rest = (parts[1] || '').replace(/0+$/, '');
  return parts[0].replace(/\B(?=(\d{3})+(?!\d))/g, ',') + (rest ? '.' + rest : '') + ' ' + unit;
}

function percent(part, whole) {
  return (whole > 0 ? (100 * part) / whole : 0).toFixed(2) + '%';
}
`;
