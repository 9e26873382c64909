import { EXIT, UserError } from '../../errors.ts';
import type { Input } from '../../formats/format.ts';
import { openInput } from '../../formats/input.ts';
import { detectFormat } from '../../formats/registry.ts';
import { dominatorProfile } from '../../heap/dominator-profile.ts';
import { openOutput } from '../../output.ts';
import { dominatorsText } from '../../render/heap-snapshot/dominators-text.ts';
import { nodeWithId, retainersText } from '../../render/heap-snapshot/retainers-text.ts';
import { dominatorsJson, retainersJson, stringsJson, summaryJson } from '../../render/heap-snapshot/snapshot-json.ts';
import type { AnalysedSnapshot } from '../../render/heap-snapshot/snapshot-report.ts';
import { stringsText } from '../../render/heap-snapshot/strings-text.ts';
import { summaryText } from '../../render/heap-snapshot/summary-text.ts';
import { textLook } from '../../terminal/text-look.ts';
import type { World } from '../../world.ts';
import type { Call } from '../command.ts';
import { drawFlame } from '../flame/drawing.ts';
import { flameDefaults } from '../flame/options.ts';
import { guarded } from '../guarded.ts';
import { standardInput } from '../inputs/read-inputs.ts';
import { formatOfName } from '../options/result-format.ts';
import { keepIfAsked } from '../track/option.ts';
import { wrote } from '../wrote.ts';
import { HEAP_FORMATS, type HeapCommandOptions } from './options.ts';
import { readOnce, redactSnapshot } from './redact.ts';
import { analysed } from './snapshot-file.ts';
import { askedViews, type HeapViewOptions } from './view-options.ts';

type ViewOptions = HeapCommandOptions & HeapViewOptions;

/** What {@link viewInput} made of inputs. */
export interface Viewed {
  /** Undefined where the input is no snapshot. */
  readonly exitCode?: number;
  /** Standard input, which can be opened once, where it is no snapshot. */
  readonly opened?: Input;
}

/**
 * Shows a snapshot, where the input is one.
 * @throws {UserError} it is something else, and a view of snapshots was asked for
 */
export async function viewInput(call: Call, inputs: readonly string[], options: ViewOptions): Promise<Viewed> {
  const [path] = inputs;
  const views = askedViews(options);
  const { inputFormat } = options;
  if (inputFormat !== undefined && inputFormat !== 'heapsnapshot') return {};
  const several = inputs.length > 1;
  if (path === undefined || (path === '-' && several && views.length === 0 && inputFormat === undefined)) return {};
  if (path === '-' && options.redact) throw readOnce('standard input');
  const input = await openInput(path, standardInput(path, call.world));
  const format = inputFormat ?? detectFormat(input).id;
  if (format !== 'heapsnapshot') {
    if (views.length === 0) return path === '-' ? { opened: input } : {};
    throw new UserError(`${views[0]} is a view of heap snapshots: ${input.name} is none`, { hint: 'leave it out' });
  }
  if (several) {
    throw new UserError('heap shows one snapshot', { hint: 'pforge-prof heap diff BEFORE AFTER compares' });
  }
  if (views.length > 1) throw new UserError(`give only one of: ${views.join(', ')}`);
  if (options.failOnGrowth !== undefined) {
    throw new UserError('--fail-on-growth compares snapshots', { hint: 'pforge-prof heap diff BEFORE AFTER' });
  }
  return {
    exitCode: await (options.redact ? redactSnapshot(call, path, options) : viewSnapshot(call, input, options)),
  };
}

/** A snapshot in one of its views: text and JSON of each, and a picture of what holds what. */
async function viewSnapshot(call: Call, input: Input, options: ViewOptions): Promise<number> {
  const { world } = call;
  const format = chosenFormat(call, options, askedViews(options)[0]);
  const picture = format !== 'text' && format !== 'json';
  const busy = picture && world.stdout.isTTY === true;
  const output = openOutput(options.output ?? (busy ? `heap.${format}` : '-'), world);
  return guarded(call, async (progress) => {
    const snapshot = await analysed(input, progress);
    for (const note of snapshot.notes) progress.say(`note: ${note}`);
    const node = options.retainers === undefined ? -1 : nodeWithId(snapshot, options.retainers);
    if (options.retainers !== undefined && node < 0) {
      throw new UserError(`${input.name} holds no object @${options.retainers}`, {
        hint: 'ids stand in the reports of this very snapshot, and are the same in others of one process',
      });
    }
    const json = (): string => `${JSON.stringify(viewJson(snapshot, options, node), null, 2)}\n`;
    const { chunks, done } =
      format === 'json'
        ? { chunks: [json()], done: async () => {} }
        : format === 'text'
          ? { chunks: [viewText(snapshot, options, node, world, output.isStdout)], done: async () => {} }
          : await drawn(snapshot, format, options, world);
    const size = await output.write(chunks);
    await done();
    if (!output.isStdout) progress.say(wrote(output, size));
    if (call.shared.json && format !== 'json') await openOutput('-', world).write([json()]);
    await keepIfAsked(options, () => summaryJson(snapshot, options.limit), progress);
    return EXIT.ok;
  });
}

/** @throws {UserError} contradictions */
function chosenFormat({ shared }: Call, { format, output }: ViewOptions, view: string | undefined): string {
  const chosen = format ?? formatOfName(output, HEAP_FORMATS) ?? (shared.json ? 'json' : 'text');
  if (chosen === 'md' || chosen === 'csv') {
    throw new UserError(`a heap snapshot cannot be written as ${chosen}`, { hint: 'text, json, svg and html can' });
  }
  if (view !== undefined && view !== '--dominators' && chosen !== 'text' && chosen !== 'json') {
    throw new UserError(`${view} is text or JSON, no ${chosen}`, {
      hint: 'leave it out for a picture of the whole heap',
    });
  }
  if (shared.json && chosen !== 'json' && (output === undefined || output === '-')) {
    throw new UserError(`--json and ${chosen} both want standard output`, { hint: 'give -o a file name' });
  }
  return chosen;
}

function viewText(
  snapshot: AnalysedSnapshot,
  { dominators, strings, retainers, limit, minPercent, color }: ViewOptions,
  node: number,
  world: World,
  toStdout: boolean,
): string {
  const look = { ...textLook(world, toStdout, color), ...(limit === undefined ? {} : { limit }) };
  if (dominators) return dominatorsText(snapshot, { ...look, ...(minPercent === undefined ? {} : { minPercent }) });
  if (strings) return stringsText(snapshot, look);
  return retainers === undefined ? summaryText(snapshot, look) : retainersText(snapshot, node, look);
}

function viewJson(
  snapshot: AnalysedSnapshot,
  { dominators, strings, retainers, limit, minPercent = 1 }: ViewOptions,
  node: number,
): object {
  if (dominators) return dominatorsJson(snapshot, minPercent);
  if (strings) return stringsJson(snapshot, limit);
  return retainers === undefined ? summaryJson(snapshot, limit) : retainersJson(snapshot, node, limit);
}

/** Retained sizes as a flame graph: a frame is as wide as what would be free without it. */
async function drawn(
  { name, graph, analysis, classes, notes }: AnalysedSnapshot,
  format: string,
  options: ViewOptions,
  world: World,
) {
  const profile = dominatorProfile(graph, analysis, classes, notes);
  const { output, color, title } = options;
  return drawFlame(
    format,
    profile,
    {
      ...flameDefaults(),
      ...(output === undefined ? {} : { output }),
      ...(color === undefined ? {} : { color }),
      title: title ?? `What the heap holds: ${name.slice(name.lastIndexOf('/') + 1)}`,
    },
    world,
  );
}
