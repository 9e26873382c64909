import { createHash } from 'node:crypto';

/**
 * The page around the picture: it loads it again when the server says so, keeps its view (the part of the address behind
 * `#`) meanwhile, and tells what went wrong. Text from outside is only ever text.
 */
const SCRIPT = `
'use strict';
const frame = document.querySelector('iframe');
const line = document.querySelector('output');
let shown = document.body.dataset.version;
let problem = '';
let lost = false;

function tell() {
  line.textContent = lost ? 'The server has ended: this picture is no longer renewed.' : problem;
  line.hidden = line.textContent === '';
}
function keepView() {
  try {
    const { hash } = frame.contentWindow.location;
    if (hash !== location.hash) history.replaceState(null, '', hash || location.pathname);
  } catch {}
}
function renew() {
  try {
    frame.contentWindow.location.reload();
  } catch {
    frame.src = 'picture' + location.hash;
  }
}

frame.addEventListener('load', () => {
  try {
    frame.contentWindow.addEventListener('hashchange', keepView);
    frame.contentWindow.focus();
  } catch {}
});
addEventListener('pagehide', keepView);
frame.src = 'picture' + location.hash;

const changes = new EventSource('changes');
changes.addEventListener('version', ({ data }) => {
  if (data === shown) return;
  shown = data;
  renew();
});
changes.addEventListener('problem', ({ data }) => {
  problem = JSON.parse(data);
  tell();
});
changes.addEventListener('open', () => {
  lost = false;
  tell();
});
changes.addEventListener('error', () => {
  lost = true;
  tell();
});
`;

const STYLE = `
:root { color-scheme: light dark; }
html, body { height: 100%; margin: 0; }
body { display: flex; flex-direction: column; background: Canvas; color: CanvasText; font: 14px/1.4 system-ui, sans-serif; }
output { padding: 8px 12px; background: #8c1d18; color: #fff; overflow-wrap: anywhere; }
iframe { flex: 1; border: 0; width: 100%; }
@media print { output { display: none; } }
`;

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** What the page may do: run its one script, and show what this server has. */
export const PAGE_POLICY = [
  "default-src 'none'",
  `script-src ${hashOf(SCRIPT)}`,
  `style-src ${hashOf(STYLE)}`,
  "connect-src 'self'",
  "frame-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** What the picture may do: run what it holds, and nothing over the network. */
export const PICTURE_POLICY = [
  "default-src 'none'",
  "script-src 'unsafe-inline'",
  "style-src 'unsafe-inline'",
  'img-src data: blob:',
  'font-src data:',
  'connect-src data: blob:',
  'worker-src blob:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ');

/**
 * @param title plain text
 * @param version of the picture that stands ready
 */
export function pageHtml(title: string, version: number): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body data-version="${version}">
<output role="status" aria-live="polite" hidden></output>
<iframe title="${escapeHtml(title)}"></iframe>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

/** For text and quoted attributes. Control characters have no place in either. */
function escapeHtml(text: string): string {
  return text
    .replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
