import type { DiffShade } from './diff-colors.ts';

const STRIPES = '<path d="M0,0h2v7h-2z" fill="#fff" fill-opacity=".5"/>';
const DOTS = '<circle cx="2" cy="2" r="1.1" fill="#16161d" fill-opacity=".4"/>';
/** What the legend has over its colours. */
const LEGEND_PATTERNS = `<pattern id="legend-stripes" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">${STRIPES}</pattern>
<pattern id="legend-dots" width="4" height="4" patternUnits="userSpaceOnUse">${DOTS}</pattern>`;

/** The patterns of the shades that have one, in their colours; `url(#shade-3)` is that of shade 3. */
export function patternsOf(shades: readonly DiffShade[]): string {
  const patterns = shades.flatMap(({ fill, pattern }, i) => {
    if (pattern === undefined) return [];
    const mark = pattern === 'stripes' ? STRIPES : DOTS;
    // Paths count tenths of a px from left to right
    const turned = pattern === 'stripes' ? ' rotate(45)' : '';
    return [
      `<pattern id="shade-${i}" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="scale(10,1)${turned}"><path d="M0,0h7v7h-7z" fill="${fill}"/>${mark}</pattern>`,
    ];
  });
  return patterns.length === 0 ? '' : `<defs>${[LEGEND_PATTERNS, ...patterns].join('\n')}</defs>\n`;
}

/** Rules for what only differential pictures have, behind those of every compact picture. */
export const diffStyle = `.pforge-flame .views { flex: none; display: flex; }
.pforge-flame .bar .views button { height: 28px; padding: 0 10px; border: 1px solid var(--edge); border-radius: 0; margin-left: -1px; background: var(--ground); color: var(--ink); }
.pforge-flame .bar .views button:first-child { border-radius: 6px 0 0 6px; }
.pforge-flame .bar .views button:last-child { border-radius: 0 6px 6px 0; }
.pforge-flame .bar .views button:not([aria-pressed=true]):hover { background: var(--hover); }
.pforge-flame .bar .views [aria-pressed=true] { background: var(--ink); color: var(--ground); border-color: var(--ink); }
.pforge-flame .narrow .scale { flex: 1 1 100%; min-width: 0; }
.pforge-flame .scale { display: flex; align-items: center; gap: 1px; margin-left: auto; padding: 0 7px; white-space: nowrap; }
.pforge-flame .scale i { flex: 0 1 22px; width: 22px; height: 11px; font-style: normal; print-color-adjust: exact; }
.pforge-flame .scale b { font-weight: 400; padding: 0 5px; }
.pforge-flame .kinds [data-group=new] .swatch, .pforge-flame .kinds [data-group=gone] .swatch { background-image: repeating-linear-gradient(135deg, rgb(255 255 255 / .6) 0 2.5px, transparent 2.5px 6px) !important; }
.pforge-flame .kinds [data-group=below-cut] .swatch { background-image: radial-gradient(rgb(22 22 29 / .55) 1.1px, transparent 1.2px) !important; background-size: 4px 4px !important; }
.pforge-flame .gone { flex-wrap: nowrap; overflow: hidden; height: 22px; gap: 2px; }
.pforge-flame .bar .gone button { flex: 0 1 auto; min-width: 40px; max-width: 420px; padding: 0 5px; color: var(--link); }
.pforge-flame .bar .gone button:hover { background: var(--hover); }
@media print { .pforge-flame .bar .views [aria-pressed=false] { display: none; } }
`;
