import { LABEL_COLOR } from './colors.ts';
import { UI_FONT } from './flame-style.ts';

const LIGHT = `--ground: #fff; --ink: ${LABEL_COLOR}; --soft: #5b5d66; --line: #e7e5e0; --edge: #b9b6ae;`;
const DARK = '--ground: #17181d; --ink: #f2f1ee; --soft: #b4b6c0; --line: #33353e; --edge: #5a5d68;';

/**
 * The rules that all charts begin with: colours on light and on dark ground (printed on light), the ground, the text.
 * @param root selector that every rule stays within
 * @param light the chart's own custom properties, as `--mark: #b42318;`; they win over those that all have
 * @param dark the same on dark ground
 */
export function chartTheme(root: string, light: string, dark: string): string {
  const onLight = `${root} { ${LIGHT} ${light} color-scheme: light; }`;
  return `
${onLight}
@media (prefers-color-scheme: dark) { ${root} { ${DARK} ${dark} color-scheme: dark; } }
@media print { ${onLight} }
${root} text { font-family: ${UI_FONT}; font-size: 12px; fill: var(--soft); white-space: pre; }
${root} .ground { fill: var(--ground); }`;
}
