import type { CounterRuns } from '../../profile/counters/counter-runs.ts';
import { derive } from '../../profile/counters/derive.ts';
import { eventName, standsBeside } from '../../profile/counters/event-name.ts';
import { spreadOf } from '../../profile/counters/spread.ts';
import { verdicts } from '../../profile/counters/verdicts.ts';
import { codeBlock, codeSpan, plainText } from '../markdown-escape.ts';
import { derivedQuantity, quantity } from './counter-values.ts';
import { partsText } from './parts-text.ts';
import { seriesText } from './series-text.ts';
import { subjectTitle } from './subject-title.ts';

const PAGE_WIDTH = 120;

/**
 * The report in Markdown, to paste into a pull request or to hand to a language model: a table with meanings, what
 * stands out and by which rule.
 * @param program stands for PROGRAM in commands to run next
 */
export function* countersMarkdown(runs: CounterRuns, program: string): Iterable<string> {
  yield `# Counters\n\n${codeSpan(subjectTitle(runs).replace(/^'|'$/g, ''))}, ${runs.runs} ${runs.runs === 1 ? 'run' : 'runs'}.\n\n`;
  const derived = derive(runs);
  const several = runs.runs > 1;
  yield `| counter | value |${several ? ' ± error | smallest .. largest |' : ''} derived | meaning |\n`;
  yield `| --- | ---: |${several ? ' ---: | ---: |' : ''} ---: | --- |\n`;
  const missing: string[] = [];
  for (const column of runs.counters) {
    if (column.missing !== undefined) {
      missing.push(`${codeSpan(column.name)} (${column.missing})`);
      continue;
    }
    const { mean, errorPercent, min, max } = spreadOf(column.values);
    const shown = (value: number): string => {
      const { text, unit } = quantity(value, column.unit);
      return plainText(`${text} ${unit}`.trim());
    };
    const { event, pmu } = eventName(column.name);
    const beside = derived.filter((one) => standsBeside(event, one.beside) && (one.pmu === '' || one.pmu === pmu));
    const numbers = beside.map((one) => {
      const { text, unit } = derivedQuantity(one);
      return plainText(`${text} ${unit}`);
    });
    const meaning = beside.map((one) => one.meaning).filter(Boolean);
    const spread = several ? ` ${errorPercent.toFixed(2)} % | ${shown(min)} .. ${shown(max)} |` : '';
    yield `| ${codeSpan(column.name)} | ${shown(mean)} |${spread} ${numbers.join('<br>')} | ${plainText(meaning.join('; '))} |\n`;
  }
  if (missing.length > 0) yield `\nWithout a number: ${missing.join(', ')}.\n`;
  const tables = [...seriesText(runs.series, { width: PAGE_WIDTH }), ...partsText(runs.parts, { width: PAGE_WIDTH })];
  if (tables.length > 0) yield `\n${codeBlock(tables.join('\n').replace(/^\n/, ''))}`;
  yield* standingOut(runs, program);
  if (runs.notes.length > 0) yield '\n## Notes\n\n';
  for (const note of runs.notes) yield `- ${plainText(note)}\n`;
}

function* standingOut(runs: CounterRuns, program: string): Iterable<string> {
  const found = verdicts(runs);
  if (found.length === 0) return;
  yield '\n## What stands out\n\n';
  for (const { text, because, rule, next, advice } of found) {
    const what = next === undefined ? plainText(advice ?? '') : codeSpan(next.replace('PROGRAM', () => program));
    yield `- ${plainText(text)} (${plainText(because)}). Rule: ${plainText(rule)}. Next: ${what}\n`;
  }
}
