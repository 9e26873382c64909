import { UI_FONT } from '../flame-style.ts';
import { plotStyle } from './plot-style.ts';

/** The style sheet of the page: its plots' too. */
export function reportStyle(): string {
  return `
:root { color-scheme: light dark; --page: #fff; --ink: #16161d; --soft: #5b5d66; --line: #e7e5e0; --hover: #f6f4f0; --good: #15803d; --bad: #b42318; --warn: #8a5a00; --warn-ground: #fdf3dd; --accent: #1d63c4; }
@media (prefers-color-scheme: dark) { :root { --page: #17181d; --ink: #f2f1ee; --soft: #b4b6c0; --line: #33353e; --hover: #22242b; --good: #5fd38a; --bad: #ff9b8f; --warn: #f4c46a; --warn-ground: #33291a; --accent: #7db2ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1280px; padding: 24px 24px 80px; background: var(--page); color: var(--ink); font: 14px/21px ${UI_FONT}; }
h1 { font-size: 22px; margin: 0 0 4px; letter-spacing: -0.01em; }
h2 { font-size: 17px; margin: 40px 0 8px; padding-top: 8px; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
h3 { font-size: 14px; margin: 20px 0 6px; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
.facts, .soft { color: var(--soft); }
.facts { margin: 0 0 16px; overflow-wrap: anywhere; }
.find { font: inherit; color: inherit; background: var(--page); border: 1px solid var(--line); border-radius: 6px; padding: 5px 10px; width: 320px; max-width: 100%; margin: 0 0 12px; }
.find:focus-visible, summary:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: right; padding: 4px 14px 4px 0; border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; white-space: nowrap; }
th { color: var(--soft); font-weight: 400; }
th:first-child, td:first-child { text-align: left; white-space: normal; overflow-wrap: anywhere; min-width: 14em; }
.left { text-align: left; }
tbody tr:hover { background: var(--hover); }
.regressed { color: var(--bad); font-weight: 600; }
.improved { color: var(--good); font-weight: 600; }
.warnings { margin: 8px 0; padding: 8px 14px 8px 30px; background: var(--warn-ground); color: var(--warn); border-radius: 8px; }
details { border: 1px solid var(--line); border-radius: 10px; margin: 10px 0; padding: 0 16px; }
summary { cursor: pointer; padding: 10px 0; font-weight: 600; overflow-wrap: anywhere; }
td .soft, summary .soft { font-weight: 400; }
summary .soft { margin-left: 10px; }
details[open] { padding-bottom: 16px; }
.plots { display: flex; flex-wrap: wrap; align-items: flex-start; gap: 12px 20px; margin: 12px 0; }
.plots svg { max-width: 100%; height: auto; border: 1px solid var(--line); border-radius: 8px; }
.estimates { width: auto; min-width: 50%; }
[hidden] { display: none; }
@media (max-width: 720px) { body { padding: 16px 12px 60px; } }
@media print { .find { display: none; } }
${plotStyle()}`;
}
