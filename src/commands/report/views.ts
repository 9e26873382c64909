import { calleesOf, callersOf } from '../../profile/around-function.ts';
import { type Grouping, groupBy } from '../../profile/group-by.ts';
import type { Profile } from '../../profile/profile.ts';
import { callersText, type Direction } from '../../render/callers-text.ts';
import { groupText } from '../../render/group-text.ts';
import { codeBlock } from '../../render/markdown-escape.ts';
import { groupCsv, reportCsv, treeCsv } from '../../render/report-csv.ts';
import { reportJson } from '../../render/report-json.ts';
import { reportMarkdown } from '../../render/report-md.ts';
import { topText } from '../../render/top-text.ts';
import { treeRows } from '../../render/tree-rows.ts';
import { treeText } from '../../render/tree-text.ts';

/** What `report` shows of a profile. */
export type View =
  | { readonly show: 'top' }
  | { readonly show: 'tree' }
  | { readonly show: 'around'; readonly direction: Direction; readonly pattern: RegExp; readonly asked: string }
  | { readonly show: 'groups'; readonly grouping: Grouping };

export interface ViewLimits {
  /** Rows of a table; undefined = the view's own default. */
  readonly limit?: number;
  readonly minPercent: number;
  /** Columns of a line of text; undefined = the view's own default. */
  readonly width?: number;
  readonly color: boolean;
}

export const REPORT_FORMATS = [
  { id: 'text', extension: 'txt' },
  { id: 'md', extension: 'md' },
  { id: 'json', extension: 'json' },
  { id: 'csv', extension: 'csv' },
] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number]['id'];

/** A view in a format, in pieces. */
export function drawView(profile: Profile, view: View, format: ReportFormat, limits: ViewLimits): Iterable<string> {
  switch (format) {
    case 'text':
      return [viewText(profile, view, limits)];
    case 'md':
      return viewMarkdown(profile, view, limits);
    case 'csv':
      return viewCsv(profile, view, limits);
    case 'json':
      return [`${JSON.stringify(viewJson(profile, view, limits), null, 2)}\n`];
  }
}

function viewText(profile: Profile, view: View, limits: ViewLimits): string {
  if (view.show === 'tree') return treeText(profile, limits);
  if (view.show === 'around') return callersText(profile, { ...limits, ...view });
  if (view.show === 'groups') return groupText(profile, { ...limits, grouping: view.grouping });
  return topText(profile, limits);
}

/** Without a view that was asked for, the whole report; else that view as a block. */
function* viewMarkdown(profile: Profile, view: View, limits: ViewLimits): Iterable<string> {
  if (view.show !== 'top') yield codeBlock(viewText(profile, view, { ...limits, color: false }));
  else yield* reportMarkdown.render(profile, limits);
}

function viewCsv(profile: Profile, view: View, limits: ViewLimits): Iterable<string> {
  if (view.show === 'tree') return treeCsv(profile, limits);
  if (view.show === 'around') return treeCsv(around(profile, view), limits);
  if (view.show === 'groups') return groupCsv(profile, view.grouping, limits);
  return reportCsv.render(profile, limits);
}

/** The report, with what the view adds in a field of its own. `top` is whole unless a limit was given. */
function viewJson(profile: Profile, view: View, limits: ViewLimits): object {
  const report = reportJson(profile);
  const limited = { ...report, top: report.top.slice(0, limits.limit) };
  if (view.show === 'tree') return { ...limited, tree: treeRows(profile, limits).map(treeNode) };
  if (view.show === 'around') {
    const nodes = treeRows(around(profile, view), limits).map(treeNode);
    return { ...limited, [view.direction]: { of: view.asked, tree: nodes } };
  }
  if (view.show === 'groups') {
    return { ...limited, by: view.grouping, groups: groupBy(profile, view.grouping).slice(0, limits.limit) };
  }
  return limited;
}

/** A flat list with the index of each node's caller: nested objects would be as deep as the stacks. */
function treeNode({ last: _, depth: __, ...node }: ReturnType<typeof treeRows>[number]): object {
  return node;
}

function around(profile: Profile, { direction, pattern }: Extract<View, { show: 'around' }>): Profile {
  return (direction === 'callers' ? callersOf : calleesOf)(profile, pattern);
}
