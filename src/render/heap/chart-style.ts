import { chartTheme } from '../chart-theme.ts';
import { CHART } from './chart-data.ts';

const LIGHT = '--hover: #f1efea; --mark: #b42318;';
const DARK = '--hover: #2b2d36; --mark: #ff9b8f;';

/** The chart's style sheet; every rule stays within the picture. */
export function chartStyle(): string {
  const root = `.${CHART.root}`;
  return `${chartTheme(root, LIGHT, DARK)}
${root} .heading { font-size: 18px; font-weight: 600; fill: var(--ink); letter-spacing: -0.01em; }
${root} .grid { stroke: var(--line); }
${root} .axis { stroke: var(--edge); fill: none; }
${root} .total { stroke: var(--ink); stroke-width: 1.2; fill: none; stroke-linejoin: round; pointer-events: none; }
${root} .mark { stroke: var(--mark); stroke-dasharray: 4 3; }
${root} .mark-label { fill: var(--mark); font-weight: 600; }
${root} .detail { stroke: var(--soft); }
${root} .end { text-anchor: end; }
${root} .middle { text-anchor: middle; }
${root} .name { fill: var(--ink); }
${root} .number { fill: var(--ink); text-anchor: end; font-variant-numeric: tabular-nums; }
${root} .${CHART.moment} { fill: var(--ink); font-weight: 600; }
${root} .${CHART.band} { stroke: var(--ground); stroke-width: .6; }
${root} .hit { fill: transparent; }
${root} .${CHART.cursor} { stroke: var(--ink); pointer-events: none; }
${root}.live .${CHART.plot} { cursor: crosshair; outline: none; }
${root}.live .${CHART.plot}:focus-visible .frame { stroke: #c026d3; stroke-width: 2; }
${root} .frame { fill: none; }
${root}.chosen .${CHART.band}:not(.on) { opacity: .3; }
${root} .${CHART.row}.on .hit { fill: var(--hover); }
`;
}
