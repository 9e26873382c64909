import { UserError } from '../errors.ts';
import type { DrawnTree } from '../profile/drawn-tree.ts';
import { merge } from '../profile/merge.ts';
import type { FindOriginals } from '../profile/originals.ts';
import { IDLE_COUNTER, type Profile } from '../profile/profile.ts';
import type { ThreadMode } from '../profile/threads.ts';
import { isWeighty } from '../profile/total.ts';
import { callgrind } from './callgrind.ts';
import { chromeTrace } from './chrome-trace.ts';
import { describeContent } from './content.ts';
import { cpuprofile } from './cpuprofile.ts';
import { dhat } from './dhat.ts';
import { dtrace } from './dtrace.ts';
import { flameHtml } from './flame-html.ts';
import { flameSvg } from './flame-svg.ts';
import { folded } from './folded.ts';
import { type RecordingFolder, recordingFolder } from './folder.ts';
import {
  type Collapsed,
  type Dialect,
  type DialectChoices,
  type DialectReader,
  type Format,
  type Input,
  NoSides,
  Notes,
} from './format.ts';
import { gecko } from './gecko.ts';
import { ghcprof } from './ghcprof.ts';
import { heapprofile } from './heapprofile.ts';
import { heapsnapshot } from './heapsnapshot.ts';
import { heaptrack } from './heaptrack.ts';
import { openInput } from './input.ts';
import { profileJson } from './json.ts';
import { massif } from './massif.ts';
import { perfData } from './perf-data.ts';
import { perfScript } from './perf-script.ts';
import { perfStat } from './perf-stat.ts';
import { pprof } from './pprof.ts';
import { pprofLegacy } from './pprof-legacy.ts';
import { sampleReport } from './sample.ts';
import { speedscope } from './speedscope.ts';
import { v8Log } from './v8-log.ts';
import { v8Ticks } from './v8-ticks.ts';
import { vsprof } from './vsprof.ts';
import { vtune } from './vtune.ts';
import { xctrace } from './xctrace.ts';

/** Every format that can be read: the one list that `--input-format`, detection and the help text derive from. */
export const formats: readonly Format[] = [
  perfData,
  perfScript,
  folded,
  cpuprofile,
  profileJson,
  heapprofile,
  heapsnapshot,
  pprof,
  pprofLegacy,
  callgrind,
  perfStat,
  massif,
  dhat,
  heaptrack,
  speedscope,
  chromeTrace,
  dtrace,
  gecko,
  vtune,
  vsprof,
  sampleReport,
  ghcprof,
  xctrace,
  v8Log,
  v8Ticks,
  flameSvg,
  flameHtml,
];

/** @throws {UserError} naming the known ids */
export function formatById(id: string): Format {
  const format = formats.find((known) => known.id === id);
  if (!format) throw new UserError(`unknown input format '${id}'`, { hint: `known are ${knownIds()}` });
  return format;
}

/** Formats that can also be written, with the file name extension that stands for each. */
export function writableFormats(): readonly Format[] {
  return formats.filter((format) => format.write !== undefined);
}

/**
 * The format of an input by its content, never by its name: the one that is sure, else the only one that may be.
 * @throws {UserError} no format claims the input, or several may be meant
 */
export function detectFormat(input: Input): Format {
  const maybe: Format[] = [];
  for (const format of formats) {
    const claim = format.detect(input.head);
    if (claim === 'yes') return format;
    if (claim === 'maybe') maybe.push(format);
  }
  if (maybe.length === 1) return maybe[0]!;
  if (maybe.length > 1) {
    throw new UserError(`${input.name} could be ${maybe.map(({ id }) => id).join(' or ')}`, {
      hint: 'say which with --input-format',
    });
  }
  if (isBlank(input.head)) throw new UserError(`no samples in ${input.name}`, { hint: 'it holds blank lines only' });
  throw new UserError(`${input.name} is no profile that we know; it looks like ${describeContent(input.head)}`, {
    hint: `formats are ${knownIds()}; --input-format names one`,
  });
}

export interface ReadOptions {
  /** Id of a format. Default: detected. */
  readonly inputFormat?: string;
  /** Read for `-`. Default: `process.stdin`. */
  readonly stdin?: NodeJS.ReadableStream;
  /** Give a profile without samples instead of refusing it: for what we have just recorded ourselves. */
  readonly allowEmpty?: boolean;
  /** Read as another tool does, which may find no samples: that is no error then. */
  readonly dialect?: Dialect;
  readonly choices?: DialectChoices;
}

/**
 * Opens, detects and reads one profile; `meta.format` says as what, `meta.notes` what was lost, guessed or repaired.
 * @param path a file, `-` for standard input, or a folder in which a tool left recordings, which are merged
 * @throws {UserError} it cannot be read, is of no known format, is broken, or holds no samples
 */
export async function readProfile(path: string | '-', options: ReadOptions = {}): Promise<Profile> {
  const folder = path === '-' ? undefined : recordingFolder(path);
  if (folder) return readFolder(folder, options);
  const { input, format } = await openToRead(path, options);
  return readInput(input, { ...options, format });
}

/** An input that was read as folded text. */
export interface CollapsedInput extends Collapsed {
  /** Id of the format that it was read as. */
  readonly format: string;
  readonly notes: readonly string[];
}

/**
 * {@link readProfile} for whoever will write nothing but folded text of it: that text at once, where the format can.
 * @param roots how threads become root frames
 * @param options `originals` finds what JavaScript functions were called when they were written, for that text alone
 */
export async function readFolded(
  path: string | '-',
  roots: ThreadMode,
  options: Omit<ReadOptions, 'dialect'> & { readonly originals?: FindOriginals },
): Promise<CollapsedInput | Profile> {
  const folder = path === '-' ? undefined : recordingFolder(path);
  if (folder) return readFolder(folder, options);
  const { input, format } = await openToRead(path, options);
  const notes = new Notes();
  const collapsed = await format.collapse?.(input, notes, roots, options.choices ?? {}, options.originals);
  if (collapsed === undefined) return readInput(input, { ...options, format });
  const all = [...new Set(notes.list)];
  if (collapsed.samples === 0) throw noSamples(input, format, all.join('; '));
  return { ...collapsed, format: format.id, notes: all };
}

/**
 * What a flame graph of a file shows, where its format can tell that without the profile.
 * @param path of a file that is there to be read again
 * @param minFraction as {@link Format.draw} has it
 */
export async function readDrawn(
  path: string,
  minFraction: number,
  options: Pick<ReadOptions, 'inputFormat' | 'choices'> & {
    readonly originals?: FindOriginals;
    /** Only where the whole profile can be encoded too. */
    readonly embed?: boolean;
  },
): Promise<DrawnTree | undefined> {
  const { input, format } = await openToRead(path, options);
  // A pipe can be read only once: by whoever can read all of it
  if (input.path === undefined || (options.embed && !format.encodesDrawn)) return undefined;
  const notes = new Notes();
  const drawn = await format.draw?.(input, minFraction, notes, options.choices ?? {}, options.originals);
  if (drawn === undefined) return undefined;
  const meta = { ...drawn.profile.meta, format: format.id, notes: [...new Set(notes.list)] };
  return { ...drawn, profile: { ...drawn.profile, meta } };
}

async function openToRead(path: string | '-', { inputFormat, stdin, choices }: ReadOptions) {
  const chosen = inputFormat === undefined ? undefined : formatById(inputFormat);
  const input = await openInput(path, stdin ? { stdin } : {});
  const format = chosen ?? detectFormat(input);
  if (choices?.side !== undefined && !format.hasSides) {
    const able = formats.flatMap(({ id, hasSides }) => (hasSides ? [id] : []));
    throw new NoSides(
      `${input.name} is one profile (${format.id}): it has no ${choices.side} side`,
      `leave --side out; it is for ${able.join(', ')}`,
    );
  }
  if (choices?.snapshot !== undefined && !format.hasSnapshots) {
    const able = formats.flatMap(({ id, hasSnapshots }) => (hasSnapshots ? [id] : []));
    throw new UserError(`${input.name} is no heap over time (${format.id}): it has no snapshots`, {
      hint: `leave --snapshot out; it is for ${able.join(', ')}`,
    });
  }
  return { input, format };
}

function noSamples(input: Input, format: Format, hint: string): UserError {
  return new UserError(`no samples in ${input.name}`, { hint: hint || `it was read as ${format.id}` });
}

/** All recordings of a folder in one profile. One without samples, as of a worker that did nothing, is no mistake. */
async function readFolder({ files, note }: RecordingFolder, options: ReadOptions): Promise<Profile> {
  const profiles: Profile[] = [];
  for (const file of files) profiles.push(await readProfile(file, { ...options, allowEmpty: true }));
  const profile = profiles.length === 1 ? profiles[0]! : merge(profiles);
  if (!options.allowEmpty && options.dialect === undefined && !hasWeight(profile))
    throw new UserError(`no samples in ${files.join(', ')}`);
  return { ...profile, meta: { ...profile.meta, notes: [note, ...profile.meta.notes] } };
}

/** The part of {@link readProfile} behind opening: for bytes that are in memory. */
export async function readInput(
  input: Input,
  options: { readonly format?: Format } & Pick<ReadOptions, 'allowEmpty' | 'dialect' | 'choices'> = {},
): Promise<Profile> {
  const format = options.format ?? detectFormat(input);
  const { dialect, choices = {} } = options;
  const notes = new Notes();
  const profile =
    dialect === undefined
      ? await format.read(input, notes, choices)
      : await dialectOf(format, dialect, input)(input, notes, choices);
  const all = [...new Set([...profile.meta.notes, ...notes.list])];
  if (!options.allowEmpty && dialect === undefined && !hasWeight(profile)) {
    throw noSamples(input, format, all.join('; ') || whyEmpty(profile, input));
  }
  return { ...profile, meta: { ...profile.meta, format: format.id, notes: all } };
}

function whyEmpty({ counters, meta }: Profile, input: Input): string {
  if (counters.some(({ name }) => name === IDLE_COUNTER)) return 'it was idle all the time';
  if (counters.length === 0 || meta.tool !== 'perf stat') return '';
  return `it holds counters: pforge-prof perf-stat ${input.path === undefined ? '-' : input.name} shows them`;
}

function hasWeight(profile: Profile): boolean {
  return profile.valueTypes.some((_type, i) => isWeighty(profile, i));
}

/** @throws {UserError} the other tool does not read this format */
function dialectOf(format: Format, dialect: Dialect, input: Input): DialectReader {
  const reader = format.dialects?.get(dialect);
  if (reader !== undefined) return reader;
  const able = formats.filter((other) => other.dialects?.has(dialect)).map(({ id }) => id);
  throw new UserError(`--compat ${dialect} does not read ${format.id} (${input.name})`, {
    hint: `it reads ${able.join(', ')}`,
  });
}

function knownIds(): string {
  return formats.map(({ id }) => id).join(', ');
}

function isBlank(head: Uint8Array): boolean {
  return head.every((byte) => byte === 32 || (byte >= 9 && byte <= 13));
}
