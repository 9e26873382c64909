import { UserError } from '../../errors.ts';
import { pointsProfile } from '../../formats/dhat/points-profile.ts';
import { readDhat } from '../../formats/dhat/read-dhat.ts';
import { openInput } from '../../formats/input.ts';
import { detectFormat } from '../../formats/registry.ts';
import { type AllocationPoints, METRICS, type Metric, totalOf } from '../../profile/allocation-points.ts';
import { findingsOf, sitesBy } from '../../profile/allocation-sites.ts';
import { callersByFunction } from '../../profile/callers-by-function.ts';
import { onlyValueType } from '../../profile/only-value-type.ts';
import type { Profile } from '../../profile/profile.ts';
import { callerTreeText } from '../../render/dhat/caller-tree.ts';
import { siteJson, sitesText } from '../../render/dhat/site-rows.ts';
import { VIEW_SORTS, type ViewSort } from '../../render/dhat/view-sorts.ts';
import { viewText } from '../../render/dhat/view-text.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import { textLook } from '../../terminal/text-look.ts';
import type { World } from '../../world.ts';
import { standardInput } from '../inputs/read-inputs.ts';
import type { DhatCommandOptions } from './options.ts';

/** @throws {UserError} it is something else, or broken */
export async function readPoints(path: string, world: World): Promise<AllocationPoints> {
  const input = await openInput(path, standardInput(path, world));
  const format = detectFormat(input);
  if (format.id !== 'dhat') {
    throw new UserError(`${input.name} is ${format.title}, no output of dhat`, {
      hint: `pforge-prof flame ${path} draws it`,
    });
  }
  return readDhat(input);
}

/** What a person asked for, checked against what the file has. */
export function metricOf(points: AllocationPoints, { metric = 'tb' }: DhatCommandOptions): Metric {
  const known = METRICS.find(({ id }) => id === metric)?.id;
  if (known === undefined) throw new UserError(`--metric ${metric} is a sort of dh_view`, { hint: 'add --dh-view' });
  if (!points.values.has(known)) throw absent(points, metric, [...points.values.keys()]);
  return known;
}

function sortOf(points: AllocationPoints, metric: string): ViewSort {
  const offered = VIEW_SORTS.filter(({ needs }) => needs.every((need) => points.values.has(need)));
  const sort = offered.find(({ id }) => id === metric);
  if (sort !== undefined) return sort;
  const ids = offered.map(({ id }) => id);
  if (VIEW_SORTS.some(({ id }) => id === metric)) throw absent(points, metric, ids);
  throw new UserError(`dh_view does not sort by ${metric}`, { hint: `it sorts by ${ids.join(', ')}` });
}

function absent({ mode }: AllocationPoints, metric: string, known: readonly string[]): UserError {
  return new UserError(`there is no ${metric} in a recording of mode ${mode}`, { hint: `it has ${known.join(', ')}` });
}

/** Table, tree, or the text of dh_view. */
export function dhatText(
  points: AllocationPoints,
  options: DhatCommandOptions,
  world: World,
  toStdout: boolean,
): Iterable<string> {
  const { tree, dhView, limit, minPercent } = options;
  if (dhView) {
    const text = viewText(points, sortOf(points, options.metric ?? 'tbk'));
    return toStdout && world.stdout.isTTY === true ? forTerminal(text) : text;
  }
  const { width, color } = textLook(world, toStdout, options.color);
  const look = { metric: metricOf(points, options), width, color };
  if (!tree) return [sitesText(points, { ...look, ...(limit === undefined ? {} : { limit }) })];
  const profile = callersByFunction(pointsProfile(points, []));
  return [callerTreeText(points, profile, { ...look, ...(minPercent === undefined ? {} : { minPercent }) })];
}

/** A name may hold what drives a terminal. */
function* forTerminal(pieces: Iterable<string>): Iterable<string> {
  for (const piece of pieces) yield piece.split('\n').map(escapeTerminal).join('\n');
}

/** Everything that the table shows, for programs. */
export function dhatJson(points: AllocationPoints, options: DhatCommandOptions, notes: readonly string[]): object {
  const metric = metricOf(points, options);
  const { mode, command, pid, timeUnit, end, peak, shortLived } = points;
  return {
    format: 'dhat',
    mode,
    command,
    pid,
    timeUnit,
    end,
    ...(peak === undefined ? {} : { peak, shortLived }),
    totals: Object.fromEntries([...points.values.keys()].map((id) => [id, totalOf(points, id)])),
    metric,
    sites: sitesBy(points, metric)
      .slice(0, options.limit)
      .map((site, i) => siteJson(site, i + 1)),
    findings: findingsOf(points).map(({ sites, ...finding }) => ({
      ...finding,
      sites: sites.map((site, i) => siteJson(site, i + 1)),
    })),
    notes,
  };
}

/**
 * As a profile: by the metric that was asked for alone, else by all of them.
 * @param drawn it becomes a picture or report: a caller is one frame, whatever its lines
 */
export function dhatProfile(
  points: AllocationPoints,
  options: DhatCommandOptions,
  name: string,
  drawn: boolean,
): Profile {
  const lines = pointsProfile(points, []);
  const profile = drawn ? callersByFunction(lines) : lines;
  const metric = metricOf(points, options);
  const index = METRICS.filter(({ id }) => points.values.has(id)).findIndex(({ id }) => id === metric);
  if (totalOf(points, metric) === 0) throw new UserError(`no samples in ${name}`, { hint: `its ${metric} is 0` });
  return options.metric === undefined ? profile : onlyValueType(profile, index);
}
