import type { ConsoleSnapshot } from '../../console/snapshot.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import { shortenEnd, stringWidth } from '../../terminal/string-width.ts';
import { clock, count, duration, share } from './quantities.ts';
import { type Scene, tableOf, viewsOf } from './scene.ts';
import { joined, type Line, labelled, lineWidth, padLine, type Span, span, type Tone } from './spans.ts';
import { isTable, type ViewId, type ViewState } from './view-state.ts';

const TITLES: Readonly<Record<ViewId, string>> = {
  tasks: 'Tasks',
  resources: 'Resources',
  blocking: 'Blocking',
  loop: 'Loop',
  warnings: 'Warnings',
  output: 'Output',
};

/** What is watched, its state, totals, and the tabs: three lines. */
export function headLines(scene: Scene, state: ViewState, width: number): Line[] {
  return [titleLine(scene, state, width), totalsLine(scene.snapshot, width), tabLine(scene, state, width)];
}

/** Of a command line at least this is shown, before anything else is. */
const LEAST_TITLE = 16;

function titleLine(scene: Scene, state: ViewState, width: number): Line {
  const { target } = scene.snapshot;
  const status = statusParts(scene, state);
  const pid = target.pid === undefined ? [] : [labelled('pid', String(target.pid))];
  const runtime: Line[] = target.runtime === undefined ? [] : [[span(target.runtime, 'dim')]];
  const wanted = Math.min(LEAST_TITLE, stringWidth(escapeTerminal(target.title)));
  // The state is worth more than the end of a long command line, and that more than what is known anyway
  for (const right of [joined([...pid, ...runtime, ...status]), joined([...pid, ...status]), joined(status)]) {
    const room = width - lineWidth(right) - 2;
    if (room < wanted) continue;
    const title = shortenEnd(escapeTerminal(target.title), room);
    return [...padLine([span(title, 'bold')], room), span('  '), ...right];
  }
  return joined(status);
}

function statusParts(
  { snapshot, ended, isPaused, replay, recording, watched }: Scene,
  { isFrozen }: ViewState,
): Line[] {
  const parts: Line[] = [];
  const flag = (text: string, tone: Tone): void => {
    parts.push([span(text, tone)]);
  };
  if (replay !== undefined) {
    const speed = replay.speed === 1 ? '' : ` x${replay.speed}`;
    flag(`${replay.isPlaying ? 'playing' : 'paused'}${speed} ${replay.position + 1}/${replay.length}`, 'accent');
  } else if (ended !== undefined || snapshot.state === 'ended') flag('ENDED', 'bad');
  else if (isPaused || snapshot.state === 'paused') flag('PAUSED', 'warn');
  else flag('running', 'good');
  if (isFrozen) flag('FROZEN', 'warn');
  if (recording !== undefined) flag('rec', 'bad');
  parts.push([span(clock(watched))]);
  return parts;
}

/** What there is of everything, as far as it has room. */
export function totalsLine(snapshot: ConsoleSnapshot, width: number): Line {
  const { tasks, resources, blocking, loop, cost, target } = snapshot;
  const isEstimate = tasks.some((task) => task.isEstimate);
  const live = tasks.reduce((sum, task) => sum + task.live, 0);
  const open = resources.reduce((sum, row) => sum + row.live, 0);
  const blocks = blocking.reduce((sum, row) => sum + row.count, 0);
  const longest = blocking.reduce((most, row) => Math.max(most, row.longest), 0);
  const parts: Line[] = [
    target.source === 'node'
      ? labelled('tasks', `${count(live, isEstimate)} live, ${count(tasks.length)} places`)
      : labelled('tasks', `${count(live)} live of ${count(tasks.length)}`),
    labelled('resources', `${count(open)} live`),
  ];
  if (loop !== undefined) {
    parts.push(labelled('loop', share(loop.utilization), loop.utilization >= 0.95 ? 'bad' : 'plain'));
  }
  if (target.source === 'node') {
    parts.push(
      labelled(
        'blocked',
        blocks === 0 ? 'never' : `${count(blocks)}x, ${duration(longest)}`,
        blocks > 0 ? 'warn' : 'plain',
      ),
    );
  }
  if (cost !== undefined)
    parts.push(labelled('watching costs', share(cost.share), cost.share > 0.1 ? 'warn' : 'plain'));
  if ((target.threads ?? 1) > 1) parts.push(labelled('threads', String(target.threads)));
  return fitting(parts, width);
}

/** As many parts as have room. */
function fitting(parts: readonly Line[], width: number, gap = '  '): Line {
  const kept: Line[] = [];
  let used = -gap.length;
  for (const part of parts) {
    used += gap.length + lineWidth(part);
    if (used > width) break;
    kept.push(part);
  }
  return joined(kept, gap);
}

function tabLine(scene: Scene, state: ViewState, width: number): Line {
  const { view } = state;
  const { snapshot } = scene;
  const filter = filterParts(snapshot, state);
  const warnings = allWarnings(snapshot);
  // Where names have no room their numbers do
  for (const shorten of [false, true]) {
    const tabs = viewsOf(scene).flatMap((id, i): Span[] => {
      const number = i + 1;
      const isActive = id === view;
      const title = shorten && !isActive ? String(number) : `${number} ${TITLES[id]}`;
      const badge = id === 'warnings' && warnings > 0 ? ` !${count(warnings)}` : '';
      return [
        span(isActive ? `[${title}` : ` ${title}`, isActive ? 'bold' : 'plain'),
        ...(badge === '' ? [] : [span(badge, 'warn')]),
        span(isActive ? ']' : ' ', isActive ? 'bold' : 'plain'),
      ];
    });
    const room = width - lineWidth(filter);
    if (shorten || lineWidth(tabs) + 2 <= room) return filter.length === 0 ? tabs : [...padLine(tabs, room), ...filter];
  }
  return [];
}

/** What the rows must hold, and how many do. */
function filterParts(snapshot: ConsoleSnapshot, state: ViewState): Line {
  const { view, filter, isTyping } = state;
  if (filter === '' || isTyping || !isTable(view)) return [];
  const { rows, all } = tableOf(snapshot, view, state);
  return [span(`/${filter} `, 'accent'), span(`${rows.length} of ${all}`)];
}

/** Warnings of the program and of its tasks. */
function allWarnings({ warnings, tasks }: ConsoleSnapshot): number {
  return warnings.length + tasks.reduce((sum, task) => sum + task.warnings.length, 0);
}

/** What keys do here, or what has been said, or the filter that is typed. */
export function footLine({ message, ended, replay }: Scene, state: ViewState, width: number): Line {
  if (state.isTyping)
    return [span('/', 'bold'), span(state.filter), span('_', 'accent'), span('  enter keeps it, esc clears it', 'dim')];
  if (message !== undefined) return [span(message, 'accent')];
  if (ended !== undefined && replay === undefined) {
    const what = labelled('q', 'quit');
    const room = width - lineWidth(what) - 2;
    return [
      span(ended.length > room ? `${ended.slice(0, Math.max(0, room - 1))}…` : ended, 'bad'),
      span('  '),
      ...what,
    ];
  }
  const always = hintLines([
    ['?', 'help'],
    ['q', 'quit'],
  ]);
  const others = fitting(hintLines(hints(state, replay !== undefined)), width - lineWidth(joined(always)) - 2);
  return fitting(others.length === 0 ? always : [others, ...always], width);
}

function hintLines(pairs: readonly (readonly [string, string])[]): Line[] {
  return pairs.map(([key, what]) => [span(key, 'bold'), span(` ${what}`, 'dim')]);
}

/** What else keys do here, the most useful first. */
function hints({ view, detail, isHelp, filter }: ViewState, isReplay: boolean): (readonly [string, string])[] {
  if (isHelp || detail !== undefined)
    return [
      ['esc', 'back'],
      ['j k', 'scroll'],
    ];
  const play = isReplay
    ? ([
        ['space', 'play'],
        ['left right', 'step'],
      ] as const)
    : ([
        ['p', 'pause'],
        ['f', 'freeze'],
      ] as const);
  if (!isTable(view)) return [['tab', 'view'], ['j k', 'scroll'], ...play];
  const clear = filter === '' ? [] : ([['esc', 'show all']] as const);
  return [['enter', 'details'], ['s S', 'sort'], ['/', 'filter'], ...clear, ...play, ['e', 'export']];
}
