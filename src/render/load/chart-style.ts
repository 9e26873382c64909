import { chartTheme } from '../chart-theme.ts';

/** Class of the picture; every rule of its style stays within. */
export const ROOT = 'pforge-load';

/** Okabe and Ito's colours, told apart by people of every colour vision; on light and on dark ground. */
const LIGHT = '--a: #0072b2; --b: #d55e00; --c: #8a6d00; --bad: #b42318;';
const DARK = '--a: #56b4e9; --b: #f0915a; --c: #e0c341; --bad: #ff9b8f;';

export function loadChartStyle(): string {
  const root = `.${ROOT}`;
  return `${chartTheme(root, LIGHT, DARK)}
${root} .heading { font-size: 18px; font-weight: 600; fill: var(--ink); letter-spacing: -0.01em; }
${root} .name { font-size: 13px; font-weight: 600; fill: var(--ink); }
${root} .grid { stroke: var(--line); fill: none; }
${root} .axis { stroke: var(--edge); fill: none; }
${root} .curve { fill: none; stroke-width: 2; stroke-linejoin: round; }
${root} .thin { stroke-width: 1.3; }
${root} .a { stroke: var(--a); } ${root} .b { stroke: var(--b); } ${root} .c { stroke: var(--c); }
${root} .area { fill: var(--a); fill-opacity: .2; stroke: var(--a); stroke-width: 1.3; }
${root} .failed { fill: var(--bad); fill-opacity: .75; }
${root} .dot { fill: var(--ground); stroke-width: 2; }
${root} .value { fill: var(--ink); font-variant-numeric: tabular-nums; }
${root} .hit { fill: transparent; }
${root} .hit:hover { fill: var(--ink); fill-opacity: .08; }
${root} .end { text-anchor: end; } ${root} .middle { text-anchor: middle; }
`;
}
