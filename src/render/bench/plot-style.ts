import { chartTheme } from '../chart-theme.ts';

const LIGHT =
  '--line: #eceae5; --own: #1d63c4; --own-area: #1d63c433; --base: #c4391d; --base-area: #c4391d2e; --mild: #d98a00; --severe: #c4271d; --good: #15803d; --noise: #8a8d9826;';
const DARK =
  '--line: #2a2c34; --own: #7db2ff; --own-area: #7db2ff3d; --base: #ff9b8f; --base-area: #ff9b8f33; --mild: #f4b740; --severe: #ff6b5f; --good: #5fd38a; --noise: #b4b6c026;';

/** Colours that tell functions of a group apart; the picture's legend names them too. */
const SERIES_LIGHT = ['#1d63c4', '#c2410c', '#15803d', '#9333ea', '#a16207', '#0e7490', '#be185d', '#4d7c0f'];
const SERIES_DARK = ['#7db2ff', '#ff9f6b', '#5fd38a', '#c79bff', '#e8c15a', '#5ec8dc', '#ff8fc0', '#a9d46a'];

export const SERIES_COUNT = SERIES_LIGHT.length;

/** The plots' style sheet; every rule stays within plots. */
export function plotStyle(): string {
  const series = (colors: readonly string[]): string => colors.map((color, i) => `--s${i}: ${color};`).join(' ');
  const root = '.plot';
  const ofSeries = SERIES_LIGHT.map(
    (_, i) =>
      `${root} .s${i} { stroke: var(--s${i}); } ${root} circle.s${i}, ${root} rect.s${i} { fill: var(--s${i}); stroke: none; }`,
  );
  return `${chartTheme(root, `${LIGHT} ${series(SERIES_LIGHT)}`, `${DARK} ${series(SERIES_DARK)}`)}
${root} .heading { font-size: 14px; font-weight: 600; fill: var(--ink); }
${root} .name { fill: var(--ink); }
${root} .end { text-anchor: end; }
${root} .middle { text-anchor: middle; }
${root} path { fill: none; stroke-linejoin: round; }
${root} .grid { stroke: var(--line); }
${root} .axis { stroke: var(--edge); }
${root} .own-line { stroke: var(--own); stroke-width: 1.6; }
${root} .base-line { stroke: var(--base); stroke-width: 1.6; }
${root} .mean { stroke: var(--own); stroke-width: 1.6; stroke-dasharray: 5 3; }
${root} .base-mean { stroke: var(--base); stroke-width: 1.6; stroke-dasharray: 5 3; }
${root} .own-area { fill: var(--own-area); }
${root} .base-area { fill: var(--base-area); }
${root} .noise { fill: var(--noise); }
${root} .mild-line { stroke: var(--mild); stroke-dasharray: 2 3; }
${root} .severe-line { stroke: var(--severe); stroke-dasharray: 2 3; }
${root} .zero { stroke: var(--edge); stroke-width: 1.2; }
${root} .fit { stroke-dasharray: 4 4; }
${root} .own-point { fill: var(--own); fill-opacity: .75; }
${root} .base-point { fill: var(--base); fill-opacity: .75; }
${root} .mild-point { fill: var(--mild); }
${root} .severe-point { fill: var(--severe); }
${ofSeries.join('\n')}
`;
}
