import type { Scene } from './scene.ts';
import { shownRows } from './scene.ts';
import { isTable, type ViewState } from './view-state.ts';

/** What is seen, as JSON: the rows that the filter has left, in their order; of the loop its course. */
export function exportText(scene: Scene, state: ViewState): string {
  const { snapshot, moments, output } = scene;
  const { view, filter, detail } = state;
  const { version, time, target } = snapshot;
  const seen = {
    format: 'pforge-prof-console-export',
    version,
    time,
    target,
    view,
    ...(filter === '' || !isTable(view) ? {} : { filter }),
    ...(isTable(view) ? { sorting: state.sorting[view] } : {}),
  };
  if (isTable(view)) {
    const rows = shownRows(snapshot, view, state).filter(({ id }) => detail === undefined || id === detail);
    return `${JSON.stringify({ ...seen, rows }, null, 2)}\n`;
  }
  if (view === 'loop') return `${JSON.stringify({ ...seen, moments }, null, 2)}\n`;
  if (view === 'output') return `${JSON.stringify({ ...seen, lines: output ?? [] }, null, 2)}\n`;
  const warnings = [
    ...snapshot.warnings,
    ...snapshot.tasks.flatMap((task) => task.warnings.map((warning) => ({ ...warning, task: task.id }))),
  ];
  return `${JSON.stringify({ ...seen, warnings, notes: snapshot.notes }, null, 2)}\n`;
}
