import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { Command as CommanderCommand } from 'commander';
import { EXIT, readError, UserError } from '../../errors.ts';
import type { Attachment, HistoryEntry } from '../../history/entry.ts';
import { HISTORY_FILE } from '../../history/json-lines.ts';
import type { JudgedSeries } from '../../history/series.ts';
import { openOutput } from '../../output.ts';
import type { DashboardPictures } from '../../render/dashboard/history-data.ts';
import type { ShownPicture } from '../../render/dashboard/history-head.ts';
import type { Picture } from '../../view-server/server.ts';
import type { World } from '../../world.ts';
import { compared } from '../diff/compared.ts';
import { drawDiff } from '../diff/drawing.ts';
import type { DiffInputs } from '../diff/inputs.ts';
import { configureDiff, type DiffOptions } from '../diff/options.ts';

const FOLDER = 'attachments';
/** What browsers show; nothing else is linked from a page. */
const MEDIA_TYPES: ReadonlyMap<string, string> = new Map([
  ['.svg', 'image/svg+xml'],
  ['.html', 'text/html; charset=utf-8'],
  ['.png', 'image/png'],
]);
/** Of a hash of 256 bits: enough to tell all pictures of a project apart. */
const HASH_DIGITS = 32;

/**
 * Keeps pictures beside the history, by what they hold: the same one twice is one file.
 * @param top the repository's top folder
 * @throws {UserError} one cannot be read or kept, or is no picture
 */
export async function attach(paths: readonly string[], top: string, world: World): Promise<Attachment[]> {
  const folder = join(top, dirname(HISTORY_FILE), FOLDER);
  const attachments: Attachment[] = [];
  for (const path of paths) {
    const extension = extname(path).toLowerCase();
    if (!MEDIA_TYPES.has(extension)) {
      throw new UserError(`${path} is no picture that a page can show`, {
        hint: `attach ${[...MEDIA_TYPES.keys()].join(', ')}`,
      });
    }
    const bytes = read(path);
    const file = `${createHash('sha256').update(bytes).digest('hex').slice(0, HASH_DIGITS)}${extension}`;
    makeFolder(folder);
    await openOutput(join(folder, file), world).write([bytes]);
    attachments.push({ name: basename(path), file });
  }
  return attachments;
}

export interface PicturePlacing {
  /** The repository's top folder. */
  readonly top: string;
  readonly site: string;
  readonly placed: Set<string>;
  readonly world: World;
  say(line: string): void;
}

/**
 * Copies the pictures of a history into a site, and draws what changed where both sides of a change have one of the same name.
 * @param placed addresses, from the site, that are there by an earlier call, and get those that this one adds
 * @param say notes: a picture that is missing or cannot be compared is left out
 */
export async function placePictures(
  entries: readonly HistoryEntry[],
  series: readonly JudgedSeries[],
  { top, site, placed, world, say }: PicturePlacing,
): Promise<DashboardPictures> {
  const source = (file: string): string => join(top, dirname(HISTORY_FILE), FOLDER, file);
  const ofCommit = new Map<string, ShownPicture[]>();
  const files = new Map<string, Attachment[]>();
  for (const { commit, attachments = [] } of entries) {
    for (const attachment of attachments) {
      const href = `${FOLDER}/${attachment.file}`;
      try {
        if (!placed.has(href)) {
          makeFolder(join(site, FOLDER));
          await openOutput(join(site, href), world).write([read(source(attachment.file))]);
          placed.add(href);
        }
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        say(`note: ${error.message}; ${attachment.name} is not linked`);
        continue;
      }
      added(files, commit.id, attachment);
      added(ofCommit, commit.id, { title: attachment.name, href });
    }
  }
  const ofPair = new Map<string, ShownPicture[]>();
  for (const { changes, values } of series) {
    for (const { at } of changes) {
      const [from, to] = [values[at - 1]?.commit.id ?? '', values[at]!.commit.id];
      const pair = `${from} ${to}`;
      if (ofPair.has(pair)) continue;
      for (const before of files.get(from) ?? []) {
        const after = files.get(to)?.find(({ name }) => name === before.name);
        if (after === undefined || !before.file.endsWith('.svg') || !after.file.endsWith('.svg')) continue;
        const href = `${FOLDER}/${before.file.slice(0, 12)}-${after.file.slice(0, 12)}.svg`;
        try {
          if (!placed.has(href)) {
            const sides = { before: [source(before.file)], after: [source(after.file)] };
            await drawBoth({ ...sides, called: sidesOf(before.name) }, join(site, href), world);
          }
          placed.add(href);
          added(ofPair, pair, { title: `what changed in ${before.name}`, href });
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          say(`note: ${before.name} of ${from.slice(0, 9)} and ${to.slice(0, 9)} are not compared: ${error.message}`);
        }
      }
    }
  }
  return { ofCommit, ofPair };
}

/** A picture of a site for a browser. @returns undefined where none is placed at that address, or it has gone since */
export function placedPicture(site: string, placed: ReadonlySet<string>, href: string): Picture | undefined {
  const type = MEDIA_TYPES.get(extname(href));
  if (type === undefined || !placed.has(href)) return undefined;
  try {
    return { type, body: readFileSync(join(site, href)) };
  } catch {
    return undefined;
  }
}

/** Where pictures lie on this machine is nothing for a page that others see. */
function sidesOf(name: string): { readonly before: string; readonly after: string } {
  return { before: `${name} (before)`, after: `${name} (after)` };
}

async function drawBoth(inputs: DiffInputs, path: string, world: World): Promise<void> {
  const parser = new CommanderCommand();
  configureDiff(parser);
  const options = parser.opts<DiffOptions>();
  const result = await compared(inputs, options, 'svg', world);
  const { chunks } = await drawDiff('svg', result, options, world, false);
  await openOutput(path, world).write(chunks);
}

function added<T>(map: Map<string, T[]>, key: string, one: T): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [one]);
  else known.push(one);
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw readError(path, error);
  }
}

export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new UserError(`cannot create ${folder}: ${(error as NodeJS.ErrnoException).code}`, {
      hint: 'choose another place',
      exitCode: EXIT.cannotCollect,
      cause: error,
    });
  }
}
