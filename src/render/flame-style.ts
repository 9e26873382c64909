import { LABEL_COLOR, labelColorOn } from './colors.ts';

/** The header's and the bars' font: whatever the system's own windows use. */
export const UI_FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

/** Narrow fonts first, in which static labels fit at least. */
export const FRAME_FONT = '"Helvetica Neue", Helvetica, Arial, "Liberation Sans", Arimo, sans-serif';

export interface FlameStyle {
  /** px */
  readonly fontSize: number;
  readonly fontType?: string;
  /** `#rrggbb`, as the next two. */
  readonly searchColor?: string;
  readonly uiColor?: string;
  readonly strokeColor?: string;
}

/** What a search finds. */
export const SEARCH_COLOR = '#e879f9';

/** The picture's style sheet. Also dresses the bars that the script builds. */
export function flameStyle(style: FlameStyle): string {
  const { fontSize, fontType, strokeColor, searchColor = SEARCH_COLOR } = style;
  const title = style.uiColor ?? LABEL_COLOR;
  const quiet = style.uiColor ?? '#5b5d66';
  const stroke = strokeColor === undefined ? '' : `#frames rect { stroke: ${strokeColor}; stroke-width: 1; }\n`;
  return `
text { font-family: ${UI_FONT}; font-size: 12px; fill: ${quiet}; }
#title { font-size: ${fontSize + 5}px; font-weight: 600; fill: ${title}; }
#subtitle { font-size: ${fontSize}px; }
#title, #subtitle { text-anchor: middle; }
#frames text { font-family: ${fontType === undefined ? '' : `${fontFamily(fontType)}, `}${FRAME_FONT}; font-size: ${fontSize}px; fill: ${LABEL_COLOR}; pointer-events: none; }
#frames .k { fill: #000; }
#frames .w { fill: #fff; }
#frames rect { rx: 2px; }
#frames > * { cursor: pointer; }
${stroke}#frames > :hover rect, #frames .cursor rect { stroke: #16161d; stroke-width: 1.2; }
#frames .cursor rect { stroke-width: 2; }
#frames .path rect, #frames .path text { opacity: 0.55; }
#frames .path:hover rect, #frames .path:hover text { opacity: 1; }
.searching #frames rect { fill-opacity: 0.28; }
.searching #frames text { fill: ${LABEL_COLOR}; fill-opacity: 0.6; }
.searching #frames .hit rect { fill-opacity: 1; }
.searching:not(.by-group) #frames .hit rect { fill: ${searchColor}; }
.searching:not(.by-group) #frames .hit text { fill: ${labelColorOn(searchColor)}; }
.searching #frames .hit text { fill-opacity: 1; }
.by-group #frames .hit .k { fill: #000; }
.by-group #frames .hit .w { fill: #fff; }
.bar { box-sizing: border-box; font: 13px/20px ${UI_FONT}; color: ${quiet}; background: #fff; }
.bar * { box-sizing: border-box; margin: 0; font: inherit; }
#header { padding: 10px 12px 6px; border-bottom: 1px solid #e7e5e0; }
#footer { padding: 4px 12px; border-top: 1px solid #e7e5e0; background: #faf9f7; display: flex; gap: 14px; height: 29px; }
.bar .line { display: flex; align-items: center; gap: 8px; min-width: 0; }
.bar .tools { min-height: 30px; }
.bar h1 { font-size: 18px; font-weight: 600; line-height: 26px; letter-spacing: -0.01em; color: ${title}; }
.bar .clip { min-width: 0; overflow: hidden; white-space: nowrap; text-overflow: ellipsis; }
.bar .grow { flex: 1 1 0; }
.bar .keep { flex: none; white-space: nowrap; }
.bar .name { color: ${LABEL_COLOR}; font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; font-size: 12px; }
.bar .warn { color: #b42318; }
.bar input { flex: 0 1 240px; min-width: 90px; height: 28px; padding: 0 9px; color: ${LABEL_COLOR}; background: #fff;
  border: 1px solid #cfccc5; border-radius: 6px; outline: none; }
.bar input:focus { border-color: #c026d3; box-shadow: 0 0 0 3px #f5d0fe; }
.bar input::placeholder { color: #74767f; }
.bar button { border: 0; background: none; padding: 0; color: inherit; cursor: pointer; border-radius: 4px; }
.bar button:focus-visible { outline: 2px solid #c026d3; outline-offset: 1px; }
.bar .push { flex: none; height: 28px; padding: 0 10px; border: 1px solid #cfccc5; border-radius: 6px; background: #fff; color: ${LABEL_COLOR}; }
.bar .push:hover { background: #f4f2ee; }
.bar .push[disabled] { color: #9a9ba1; background: #faf9f7; cursor: default; }
.bar .crumbs { height: 22px; gap: 2px; overflow: hidden; }
.bar .crumbs button:first-child { margin-left: -5px; }
.bar .crumbs .keep { min-width: auto; flex: none; }
.bar .crumbs button { padding: 0 5px; color: #1d4ed8; }
.bar .crumbs button.clip { flex: 0 1 auto; min-width: 24px; max-width: 260px; }
.bar .crumbs button:hover { background: #e8eefc; }
.bar .crumbs .here { flex: 0 10 auto; padding: 0 5px; font-weight: 600; color: ${LABEL_COLOR}; }
.bar .legend { flex-wrap: wrap; gap: 2px 4px; padding-top: 2px; margin: 0 -7px; }
.bar .legend button { display: flex; align-items: center; gap: 6px; padding: 0 7px; white-space: nowrap; }
.bar .legend button:hover, .bar .legend [aria-pressed=true] { background: #f1efea; color: ${LABEL_COLOR}; }
.bar .legend [aria-pressed=true] { box-shadow: inset 0 0 0 1px #cfccc5; }
.bar .swatch { width: 11px; height: 11px; border-radius: 3px; }
.hidden, .bar .hidden { display: none; }
`;
}

const GENERIC_FAMILIES = new Set(['cursive', 'fantasy', 'monospace', 'serif', 'sans-serif', 'system-ui']);

/** A list of font families for CSS. Nothing of it can end the value that it stands in. */
export function fontFamily(families: string): string {
  return families
    .split(',')
    .map((family) => family.replace(/[^\p{L}\p{N} _.-]/gu, '').trim())
    .map((family) => (GENERIC_FAMILIES.has(family) ? family : `"${family}"`))
    .join(', ');
}
