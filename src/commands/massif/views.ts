import { UserError } from '../../errors.ts';
import { openInput } from '../../formats/input.ts';
import { type HeapRecording, readHeap } from '../../formats/massif/heap-recording.ts';
import { noDetails } from '../../formats/massif/no-details.ts';
import { detectFormat } from '../../formats/registry.ts';
import { chosenRow, DETAILS, landmarks, sitesAt, totalAt } from '../../profile/heap-history.ts';
import { callsJson, callTable } from '../../render/heap/call-table.ts';
import { msPrintHead } from '../../render/heap/ms-print-head.ts';
import { siteTable } from '../../render/heap/site-table.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import { textLook } from '../../terminal/text-look.ts';
import type { World } from '../../world.ts';
import { standardInput } from '../inputs/read-inputs.ts';
import type { MassifCommandOptions } from './options.ts';

type Chunks = Iterable<string | Uint8Array>;

/**
 * Opens what massif or heaptrack left and reads all snapshots.
 * @param tables the tables of ms_print are wanted too
 * @throws {UserError} it is something else, is broken, or holds no details of the snapshot that was asked for
 */
export async function readHistory(
  path: string,
  options: MassifCommandOptions,
  world: World,
  tables: boolean,
): Promise<HeapRecording> {
  const { threshold = 1, fullNames = false, snapshot } = options;
  const input = await openInput(path, standardInput(path, world));
  const format = detectFormat(input);
  const recording = await readHeap(format, input, tables ? { tables: { threshold, fullNames } } : {});
  if (recording === undefined) throw noHeap(input.name, format.title, path);
  const { file } = recording;
  const { history } = file;
  const row = chosenRow(history, snapshot ?? 'largest');
  if (typeof snapshot === 'number' && (row < 0 || DETAILS[history.snapshots.detail[row]!] === 'none')) {
    await file.tables?.spool.dispose();
    throw noDetails(input.name, file, snapshot);
  }
  return recording;
}

/** @param title what the input is instead */
export function noHeap(name: string, title: string, path: string): UserError {
  return new UserError(`${name} is ${title}, no output of massif`, { hint: `pforge-prof flame ${path} draws it` });
}

/** The text of ms_print; below it the largest heap and who allocated it. */
export function* massifText(
  { file: { header, history, tables }, calls }: HeapRecording,
  options: MassifCommandOptions,
  name: string,
  world: World,
  toStdout: boolean,
): Chunks {
  const { x, y, msPrint, snapshot, limit, color } = options;
  const head = msPrintHead(
    {
      command: header.command ?? '',
      description: header.description,
      timeUnit: history.timeUnit,
      words: [...msPrintWords(world.argv), name],
    },
    history,
    { ...(x === undefined ? {} : { columns: x }), ...(y === undefined ? {} : { rows: y }) },
  );
  // A name may hold what drives a terminal
  const safe = toStdout && world.stdout.isTTY === true ? forTerminal : (chunks: Iterable<Uint8Array>) => chunks;
  yield* safe([Buffer.from(head, 'latin1')]);
  yield* safe(tables?.spool.chunks() ?? []);
  if (msPrint) return;
  yield '\n';
  const { width, color: painted } = textLook(world, toStdout, color);
  const row = chosenRow(history, snapshot ?? 'largest');
  const look = { width, color: painted, ...(limit === undefined ? {} : { limit }) };
  yield siteTable(history, { row, ...look });
  if (calls !== undefined) yield `\n${callTable(calls, look)}`;
}

/** The options of ms_print among our own words, as it would have been given them: it prints them. */
function msPrintWords(argv: readonly string[]): string[] {
  const words = argv.slice(3);
  const end = words.indexOf('--');
  const own = end < 0 ? words : words.slice(0, end);
  return own.flatMap((word, i) => {
    if (/^--(?:threshold|x|y)=/.test(word)) return [word];
    return /^--(?:threshold|x|y)$/.test(word) ? [`${word}=${own[i + 1]}`] : [];
  });
}

function* forTerminal(chunks: Iterable<Uint8Array>): Chunks {
  const decoder = new TextDecoder();
  for (const chunk of chunks) {
    const text = decoder.decode(chunk, { stream: true });
    yield text.split('\n').map(escapeTerminal).join('\n');
  }
}

/** Everything that the table and the graph show, for programs. */
export function massifJson(
  { file: { history }, calls, notes: own }: HeapRecording,
  options: MassifCommandOptions,
  notes: readonly string[],
): object {
  const { snapshots, command, description, timeUnit } = history;
  const { maximum, marked } = landmarks(history);
  const mark = (row: number) => (row < 0 ? null : { snapshot: snapshots.number[row]!, total: totalAt(snapshots, row) });
  const row = chosenRow(history, options.snapshot ?? 'largest');
  const total = totalAt(snapshots, row);
  return {
    format: 'massif',
    command,
    massifArguments: description,
    timeUnit,
    peak: mark(marked),
    maximum: mark(maximum),
    end: mark(snapshots.length - 1),
    snapshots: Array.from({ length: snapshots.length }, (_, i) => ({
      number: snapshots.number[i],
      time: snapshots.time[i],
      heap: snapshots.heap[i],
      extra: snapshots.extra[i],
      stacks: snapshots.stacks[i],
      total: totalAt(snapshots, i),
      detail: DETAILS[snapshots.detail[i]!],
    })),
    snapshot: snapshots.number[row],
    sites: sitesAt(history, row)
      .slice(0, options.limit)
      .map(({ site, bytes }, i) => ({
        number: i + 1,
        bytes,
        percent: total === 0 ? 0 : (100 * bytes) / total,
        name: site.name,
        file: site.file ?? '',
        line: site.line ?? 0,
        module: site.module ?? '',
      })),
    ...(calls === undefined ? {} : { allocations: callsJson(calls, options.limit) }),
    notes: [...notes, ...own],
  };
}
