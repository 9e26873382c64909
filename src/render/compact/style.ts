import { LABEL_COLOR, labelColorOn, ROOT_FILL } from '../colors.ts';
import { type FlameStyle, FRAME_FONT, fontFamily, SEARCH_COLOR, UI_FONT } from '../flame-style.ts';

const MONO_FONT = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace';

/** Colours of texts, grounds and lines, in the light and in the dark; every text is at least 4.5:1 on its ground. */
const LIGHT = `--ground: #fff; --panel: #faf9f7; --ink: ${LABEL_COLOR}; --soft: #5b5d66; --line: #e7e5e0; --edge: #cfccc5;
  --hover: #f1efea; --link: #1d4ed8; --focus: #a21caf; --ring: #f5d0fe; --warn: #b42318; --root: ${ROOT_FILL};
  --outline: #16161d; --faint: ${LABEL_COLOR}; --dim: .28; --behind: .55; color-scheme: light;`;
const DARK = `--ground: #17181d; --panel: #1f2027; --ink: #f2f1ee; --soft: #b4b6c0; --line: #33353e; --edge: #4b4e59;
  --hover: #2b2d36; --link: #93b4ff; --focus: #e879f9; --ring: #6b2173; --warn: #ff9b8f; --root: #b9b7b1;
  --outline: #fff; --faint: #d8d8de; --dim: .3; --behind: .82; color-scheme: dark;`;

/**
 * The picture's style sheet; also dresses the bars that the script builds. Every rule stays within the picture.
 * @param ownGround the picture has a background of its own, for which only the light colours are made
 */
export function compactStyle(style: FlameStyle, ownGround: boolean): string {
  const { fontSize, fontType, uiColor, searchColor = SEARCH_COLOR } = style;
  const ui = uiColor === undefined ? '' : `--ink: ${uiColor}; --soft: ${uiColor};`;
  const dark = ownGround ? '' : `@media (prefers-color-scheme: dark) { .pforge-flame { ${DARK} ${ui} } }\n`;
  return `
.pforge-flame { ${LIGHT} ${ui} --hit: ${searchColor}; --on-hit: ${labelColorOn(searchColor)}; }
${dark}@media print { .pforge-flame { ${LIGHT} ${ui} } }
${ownGround ? '' : '.pforge-flame #ground { fill: var(--ground); }\n'}.pforge-flame text { font-family: ${UI_FONT}; font-size: 12px; fill: var(--soft); }
.pforge-flame #heading { font-size: 18px; font-weight: 600; fill: var(--ink); letter-spacing: -0.01em; }
.pforge-flame #labels text { font-family: ${fontType === undefined ? '' : `${fontFamily(fontType)}, `}${FRAME_FONT}; font-size: ${fontSize}px; fill: ${LABEL_COLOR}; white-space: pre; }
.pforge-flame.live #labels text { pointer-events: none; }
.pforge-flame #marks [data-group=root], .pforge-flame #behind [data-group=root] { stroke: var(--root); }
.pforge-flame.live #frames { cursor: pointer; outline: none; }
.pforge-flame #behind { opacity: var(--behind); }
.pforge-flame #pointed, .pforge-flame #cursor { fill: none; stroke: var(--outline); stroke-width: 1.4; pointer-events: none; }
.pforge-flame #pointed { pointer-events: all; }
.pforge-flame #cursor { stroke-width: 2.4; }
.pforge-flame.searching #marks, .pforge-flame.searching #behind { opacity: var(--dim); }
.pforge-flame #labels .black { fill: #000; }
.pforge-flame #labels .white { fill: #fff; }
.pforge-flame.by-group #labels .dim { fill: var(--faint); fill-opacity: .9; }
.pforge-flame.searching #labels text { fill: var(--faint); fill-opacity: .9; }
.pforge-flame.searching #labels .hit { fill: var(--on-hit); fill-opacity: 1; }
.pforge-flame #hits { stroke: var(--hit); }
.pforge-flame #underlines { stroke: #701a75; }
.pforge-flame.searching #outlines, .pforge-flame.by-group #outlines { display: none; }
.pforge-flame.by-group #marks, .pforge-flame.by-group #behind { opacity: 1; }
.pforge-flame.by-group #marks path:not(.chosen), .pforge-flame.by-group #behind path:not(.chosen) { opacity: var(--dim); }
.pforge-flame .bar { box-sizing: border-box; font: 13px/20px ${UI_FONT}; color: var(--soft); background: var(--ground); }
.pforge-flame .bar * { box-sizing: border-box; margin: 0; font: inherit; }
.pforge-flame #header { padding: 10px 12px 6px; border-bottom: 1px solid var(--line); }
.pforge-flame #footer { padding: 4px 12px; border-top: 1px solid var(--line); background: var(--panel); display: flex; gap: 14px; height: 29px; }
.pforge-flame .line { display: flex; align-items: center; gap: 8px; min-width: 0; }
.pforge-flame .tools { min-height: 30px; }
.pforge-flame .narrow .tools { flex-wrap: wrap; gap: 6px; }
.pforge-flame .narrow .tools h1 { flex: 1 0 100%; }
.pforge-flame .narrow .tools .grow { display: none; }
.pforge-flame #footer.narrow { flex-direction: column; gap: 0; height: auto; align-items: stretch; }
.pforge-flame #footer.narrow .grow, .pforge-flame #footer.narrow .toggle { display: none; }
.pforge-flame #footer.narrow > * { min-height: 20px; overflow: hidden; text-overflow: ellipsis; }
.pforge-flame .narrow .search { flex: 1 1 130px; }
.pforge-flame #footer.narrow #details-numbers { display: block; }
.pforge-flame .bar h1 { flex: 0 1 auto; font-size: 18px; font-weight: 600; line-height: 26px; letter-spacing: -0.01em; color: var(--ink); }
.pforge-flame .clip { min-width: 0; overflow: hidden; white-space: nowrap; text-overflow: ellipsis; }
.pforge-flame .grow { flex: 1 1 0; }
.pforge-flame .keep:empty { display: none; }
.pforge-flame .keep { flex: none; white-space: nowrap; }
.pforge-flame .name { color: var(--ink); font-family: ${MONO_FONT}; font-size: 12px; }
.pforge-flame .warn { color: var(--warn); }
.pforge-flame .search { flex: 0 1 330px; display: flex; align-items: center; height: 28px; min-width: 120px; color: var(--ink); background: var(--ground);
  border: 1px solid var(--edge); border-radius: 6px; padding-right: 2px; }
.pforge-flame .search:focus-within { border-color: var(--focus); box-shadow: 0 0 0 3px var(--ring); }
.pforge-flame .bar input { flex: 1 1 0; min-width: 0; height: 26px; padding: 0 9px; border: 0; background: none; color: inherit; outline: none; }
.pforge-flame .bar input::placeholder { color: var(--soft); opacity: 1; }
.pforge-flame .bar button { border: 0; background: none; padding: 0; color: inherit; cursor: pointer; border-radius: 4px; }
.pforge-flame .bar button:focus-visible { outline: 2px solid var(--focus); outline-offset: 1px; }
.pforge-flame .bar .toggle { flex: none; min-width: 24px; height: 22px; padding: 0 4px; margin-left: 1px; font-family: ${MONO_FONT}; font-size: 12px; color: var(--soft); }
.pforge-flame .bar .toggle:hover { background: var(--hover); }
.pforge-flame .bar .toggle[aria-pressed=true] { background: var(--ring); color: var(--ink); box-shadow: inset 0 0 0 1px var(--focus); }
.pforge-flame .bar .push { flex: none; height: 28px; padding: 0 10px; border: 1px solid var(--edge); border-radius: 6px; background: var(--ground); color: var(--ink); }
.pforge-flame .bar .push:hover { background: var(--hover); }
.pforge-flame .bar .push[disabled] { color: var(--soft); opacity: .75; background: var(--panel); cursor: default; }
.pforge-flame .bar .step { padding: 0 7px; }
.pforge-flame .help { padding: 2px 0 4px; white-space: normal; flex-wrap: wrap; gap: 2px 16px; }
.pforge-flame .help b { font-weight: 600; color: var(--ink); font-family: ${MONO_FONT}; font-size: 12px; }
.pforge-flame .crumbs { height: 22px; gap: 2px; overflow: hidden; }
.pforge-flame .crumbs button:first-child { margin-left: -5px; }
.pforge-flame .bar .crumbs button { padding: 0 5px; color: var(--link); }
.pforge-flame .crumbs button.clip { flex: 0 1 auto; min-width: 24px; max-width: 260px; }
.pforge-flame .bar .crumbs button:hover { background: var(--hover); }
.pforge-flame .crumbs .here { flex: 0 10 auto; padding: 0 5px; font-weight: 600; color: var(--ink); }
.pforge-flame .kinds { flex-wrap: wrap; gap: 2px 4px; padding-top: 2px; margin: 0 -7px; }
.pforge-flame .bar .kinds button { display: flex; align-items: center; gap: 6px; padding: 0 7px; white-space: nowrap; }
.pforge-flame .bar .kinds button:hover, .pforge-flame .bar .kinds [aria-pressed=true] { background: var(--hover); color: var(--ink); }
.pforge-flame .kinds [aria-pressed=true] { box-shadow: inset 0 0 0 1px var(--edge); }
.pforge-flame .swatch { print-color-adjust: exact; width: 11px; height: 11px; border-radius: 3px; flex: none; }
.pforge-flame .hidden, .pforge-flame .bar .hidden { display: none; }
@media (prefers-contrast: more) {
  .pforge-flame { --soft: var(--ink); --line: var(--ink); --edge: var(--ink); }
  .pforge-flame #labels text { fill: #000; }
}
@media print { .pforge-flame .push, .pforge-flame .search, .pforge-flame #cursor, .pforge-flame #pointed { display: none; } }
`;
}
