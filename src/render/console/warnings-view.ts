import type { ConsoleSnapshot, Warning } from '../../console/snapshot.ts';
import { wholePlace } from './quantities.ts';
import { EMPTY, type Line, span, wrappedText } from './spans.ts';

/** All warnings, those of the program first, and what was lost or guessed. */
export function warningsView({ warnings, tasks, notes }: ConsoleSnapshot, width: number): Line[] {
  const lines: Line[] = [];
  const add = ({ kind, text }: Warning, whose: Line): void => {
    lines.push([span(`! ${kind}`, 'warn'), ...whose], ...indented(text, width), EMPTY);
  };
  for (const warning of warnings) add(warning, []);
  for (const task of tasks) {
    const place = task.place === undefined ? '' : wholePlace(task.place);
    for (const warning of task.warnings) {
      add(warning, [span(`  ${task.name || '(anonymous)'} ${task.kind}  `), span(place, 'accent')]);
    }
  }
  if (lines.length === 0) lines.push([span('No warnings.', 'good')], EMPTY);
  if (notes.length > 0) {
    lines.push([span('What was lost or guessed', 'bold')], ...notes.flatMap((note) => indented(note, width)));
  }
  return lines;
}

function indented(text: string, width: number): Line[] {
  return wrappedText(text, Math.max(10, width - 2)).map((line) => [span('  '), ...line]);
}
