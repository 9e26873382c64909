import { UserError } from '../errors.ts';

/** One measurement that is kept. */
export interface KeptResult {
  readonly name: string;
  /** `ns`, `bytes`, `ops/s`. */
  readonly unit: string;
  /** Which way it is better. */
  readonly better: 'smaller' | 'bigger';
  readonly value: number;
  /** Bounds of its interval, where they are known. */
  readonly low?: number;
  readonly high?: number;
}

/** Which state of the program was measured. */
export interface KeptCommit {
  /** Hash; '' where there is no repository. */
  readonly id: string;
  /** When it was committed, ISO 8601. */
  readonly time?: string;
  /** First line of its message. */
  readonly subject?: string;
  readonly branch?: string;
  /** Sources differed from the commit. */
  readonly dirty?: boolean;
}

/** One line of a history: what one run measured. Unknown members stay where they are and are not read. */
export interface HistoryEntry {
  readonly version: 1;
  /** When it was kept, ISO 8601. */
  readonly time: string;
  /** Names what belongs together, such as one job of a workflow. */
  readonly suite: string;
  readonly commit: KeptCommit;
  /** Numbers of different machines are different series. */
  readonly machine: string;
  /** Versions of what measured: `{ node: 'v20.1.0', 'pforge-prof': '1.0.0' }`. */
  readonly tools: Readonly<Record<string, string>>;
  readonly results: readonly KeptResult[];
  /** Pictures of the run, such as its flame graph. */
  readonly attachments?: readonly Attachment[];
}

/** A picture that is kept beside the history. */
export interface Attachment {
  /** What it was called. */
  readonly name: string;
  /** In the folder of attachments: the hash of what it holds, and an extension. */
  readonly file: string;
}

/** @throws {UserError} the line is no entry: what is wrong with it */
export function parseEntry(line: string, place: string): HistoryEntry {
  const wrong = (what: string): UserError =>
    new UserError(`${place}: ${what}`, { hint: 'mend or delete that line; the others are fine' });
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    throw wrong('this is not JSON');
  }
  if (!isObject(json)) throw wrong('this is not a JSON object');
  const { version, time, suite, commit, machine, results } = json;
  if (version !== 1) throw wrong(`version ${JSON.stringify(version ?? null)} is not known, only 1`);
  if (typeof time !== 'string' || Number.isNaN(Date.parse(time))) throw wrong('time is no time');
  if (typeof suite !== 'string' || typeof machine !== 'string') throw wrong('suite and machine are no text');
  if (!isObject(commit) || typeof commit.id !== 'string') throw wrong('commit has no id');
  const { time: committed = time, subject = '', branch = '' } = commit;
  if (typeof committed !== 'string' || Number.isNaN(Date.parse(committed))) throw wrong('time of commit is no time');
  if (typeof subject !== 'string' || typeof branch !== 'string')
    throw wrong('subject and branch of commit are no text');
  if (!Array.isArray(results)) throw wrong('results are no list');
  for (const [i, result] of results.entries()) {
    const found = resultFault(result);
    if (found !== undefined) throw wrong(`results[${i}]: ${found}`);
  }
  if (json.attachments !== undefined && !isAttachments(json.attachments))
    throw wrong('attachments are no list of pictures');
  return {
    ...(json as unknown as HistoryEntry),
    tools: isObject(json.tools) ? (json.tools as Record<string, string>) : {},
  };
}

/** A name that could lead out of the folder is none. */
function isAttachments(list: unknown): boolean {
  const isFile = (file: unknown): boolean => typeof file === 'string' && /^[0-9a-f]{32}\.(?:svg|html|png)$/.test(file);
  return Array.isArray(list) && list.every((one) => isObject(one) && typeof one.name === 'string' && isFile(one.file));
}

function resultFault(result: unknown): string | undefined {
  if (!isObject(result) || typeof result.name !== 'string') return 'it has no name';
  if (typeof result.unit !== 'string') return 'it has no unit';
  if (typeof result.value !== 'number' || !Number.isFinite(result.value)) return 'its value is no number';
  if (result.better !== 'smaller' && result.better !== 'bigger') return "better is neither 'smaller' nor 'bigger'";
  const bounds = [result.low, result.high];
  return bounds.every((bound) => bound === undefined || Number.isFinite(bound)) ? undefined : 'a bound is no number';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
