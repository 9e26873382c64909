/**
 * The header (title, search, reset, breadcrumbs, legend) and the status line, as HTML inside the picture: real text
 * fields and buttons, laid out by the browser. They replace the static texts and stay in sight while scrolling.
 * Text reaches the document through textContent only.
 */
export const BARS_SCRIPT = String.raw`
function html(tag, className, text) {
  const element = document.createElementNS(XHTML, tag);
  if (className) element.setAttribute('class', className);
  if (text !== undefined) element.textContent = text;
  return element;
}

function bar(id) {
  const holder = document.createElementNS(SVG, 'foreignObject');
  const content = html('div', 'bar');
  content.setAttribute('id', id);
  holder.setAttribute('x', '0');
  holder.appendChild(content);
  root.appendChild(holder);
  return { holder, content };
}

function button(className, text, action) {
  const element = html('button', className, text);
  element.setAttribute('type', 'button');
  element.addEventListener('click', action);
  return element;
}

/* The static text may be cut; the whole one stands beside it. */
function textOf(selector) {
  return root.querySelector(selector).getAttribute('data-full');
}

const header = bar('header');
const footer = bar('footer');
const matched = html('span', 'keep');
const warning = html('span', 'keep warn');
const field = html('input');
const reset = button('push', 'Reset zoom', () => zoom(0));
const help = html('div', 'line hidden');
const crumbs = html('div', 'line crumbs');
const legend = html('div', 'line legend');
const detailName = html('span', 'clip name');
const detailNumbers = html('span', 'keep');

function buildBars() {
  const title = html('h1', 'clip', textOf('#title'));
  title.setAttribute('title', textOf('#title'));
  const tools = html('div', 'line tools');
  field.setAttribute('type', 'text');
  field.setAttribute('id', 'search');
  field.setAttribute('placeholder', 'Search (regexp)   Ctrl-F');
  field.setAttribute('aria-label', 'Search frames, regular expression');
  field.setAttribute('spellcheck', 'false');
  matched.setAttribute('id', 'matched');
  matched.setAttribute('aria-live', 'polite');
  warning.setAttribute('id', 'search-note');
  reset.setAttribute('id', 'reset');
  const keys = button('push', '?', () => {
    help.classList.toggle('hidden');
    arrange();
  });
  keys.setAttribute('aria-label', 'Keys and hints');
  tools.append(title, html('span', 'grow'), warning, matched, field, reset, keys);
  help.textContent =
    'Click a frame to zoom; the frames that lead to it stay in sight and lead back, so does the Back button.  ' +
    'Ctrl-F or / searches: small letters match both cases, a capital is exact.  ' +
    'Esc clears the search, then the zoom.  Arrow keys move, Enter zooms.';
  crumbs.setAttribute('id', 'crumbs');
  legend.setAttribute('id', 'kinds');
  for (const entry of root.querySelectorAll('#legend > g')) {
    const chip = button('', undefined, () => toggleKind(entry.getAttribute('data-group')));
    const swatch = html('span', 'swatch');
    swatch.style.background = entry.querySelector('rect').getAttribute('fill');
    chip.setAttribute('data-group', entry.getAttribute('data-group'));
    chip.setAttribute('aria-pressed', 'false');
    chip.append(swatch, html('span', '', entry.querySelector('text').textContent));
    legend.appendChild(chip);
  }
  header.content.append(tools, help, crumbs);
  if (legend.firstChild) header.content.append(legend);
  detailName.setAttribute('id', 'details');
  detailNumbers.setAttribute('id', 'details-numbers');
  footer.content.append(detailName, html('span', 'grow'), detailNumbers);
  root.querySelector('#static').setAttribute('class', 'hidden');
}

function withoutPlace(name) {
  const place = name.length < 1000 ? PLACE.exec(name) : null;
  return place ? place[1] : name;
}

/* all > a > ... > here. The middle goes first where there is no room for all. */
function showCrumbs() {
  crumbs.replaceChildren();
  if (zoomed === 0) {
    crumbs.append(html('span', 'clip', setting('summary')));
    return;
  }
  const path = [];
  for (let i = parent[zoomed]; i >= 0; i = parent[i]) path.unshift(i);
  const most = Math.max(2, Math.floor(stageWidth / 130));
  const skipped = path.length > most ? path.length - most + 1 : 0;
  path.forEach((i, place) => {
    if (skipped > 0 && place > 0 && place <= skipped) {
      if (place === 1) crumbs.append(html('span', 'keep', '… ' + skipped + ' more ›'));
      return;
    }
    const crumb = button(i === 0 ? 'keep' : 'clip', withoutPlace(names[i]), () => zoom(i));
    crumb.setAttribute('title', names[i]);
    crumbs.append(crumb, html('span', 'keep', '›'));
  });
  crumbs.append(html('span', 'clip here', withoutPlace(names[zoomed])));
}

function showDetails(i) {
  if (i < 0) {
    const notes = textOf('#notes') || 'Click a frame to zoom, / to search, ? for more';
    detailName.setAttribute('class', 'clip');
    detailName.textContent = notes;
    detailName.setAttribute('title', notes);
    detailNumbers.textContent = '';
    return;
  }
  const ofView = zoomed !== 0 && state[i] === SHOWN ? ', ' + percent(weight[i], weight[zoomed]) + ' of view' : '';
  const parts = [number(weight[i]) + ' (' + percent(weight[i], weight[0]) + ofView + ')'];
  parts.push('self ' + number(self[i]) + ' (' + percent(self[i], weight[0]) + ')');
  if (changes[i]) parts.push('changed ' + changes[i]);
  const chip = legend.querySelector('[data-group="' + kinds[i] + '"]');
  if (chip) parts.push(chip.textContent.replace(/ [\d.,]+%?$/, ''));
  detailName.setAttribute('class', 'clip name');
  detailName.textContent = (setting('name-type') + ' ' + names[i]).trim();
  detailName.setAttribute('title', names[i]);
  detailNumbers.textContent = parts.join('  ·  ');
}

function showSearch() {
  if (field.value !== term) field.value = term;
  matched.textContent = matchedText();
  warning.textContent = searchNote;
  for (const chip of legend.children) {
    chip.setAttribute('aria-pressed', String(term === 'kind:' + chip.getAttribute('data-group')));
  }
}
`;
