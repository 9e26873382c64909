import { createWriteStream, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { makePrivateDir, removePrivateDir } from '../../processes/private-dir.ts';
import { streamTool } from '../../processes/run-tool.ts';
import type { Profile } from '../../profile/profile.ts';
import { FormatError, type Input, type Notes } from '../format.ts';
import { openInput, streamed } from '../input.ts';
import { type JsonObject, jsonObject, readJson } from '../json-stream/input.ts';
import { isList } from '../json-stream/list.ts';
import { ALL } from '../json-stream/shape.ts';
import { readTicks } from '../v8-ticks/table.ts';
import { scanV8Log, type V8LogFacts } from './scan.ts';
import { nativeNames } from './symbols.ts';

/** A broken log can keep node busy without end; a whole one takes it a second for some megabytes. */
const LONGEST_MS = 30_000;

const MS_A_MB = 30_000;

/** What `node --prof-process` makes of the log, with names of native code that it does not know. */
export async function readLog(input: Input, notes: Notes): Promise<Profile> {
  if (input.path !== undefined) return convert(input.path, input, notes);
  const folder = await makePrivateDir();
  try {
    const file = join(folder, 'v8.log');
    await pipeline(Readable.from(input.chunks()), createWriteStream(file, { mode: 0o600 }));
    return await convert(file, input, notes);
  } finally {
    await removePrivateDir(folder);
  }
}

async function convert(file: string, input: Input, notes: Notes): Promise<Profile> {
  const facts = await scanV8Log(input, await openInput(file));
  const json = await preprocessed(file, input, facts, notes);
  const ticks = isList(json.ticks) ? json.ticks.length : 0;
  if (ticks < facts.ticks) notes.add(`ticks that node --prof-process could not use: ${facts.ticks - ticks}`);
  if (facts.cut) notes.add(`${input.name} ends within a line: the program was killed or the file was cut`);
  if (facts.version !== ownVersion()) {
    notes.add(`made by V8 ${facts.version}, read by ${us()}: where names look odd, ${byItsNode(input)}`);
  }
  const names = await nativeNames(facts.modules, json);
  return readTicks(input, json, { ...facts, names, ...isolateOf(input.name) }, notes);
}

/** @throws {FormatError} node cannot use the log, in its own words */
async function preprocessed(file: string, input: Input, facts: V8LogFacts, notes: Notes): Promise<JsonObject> {
  const args = ['--no-warnings', '--prof-process', '--preprocess', file];
  // Without nm: see nativeNames
  const tool = await streamTool(process.execPath, args, { PATH: '' });
  let json: JsonObject;
  let isLate = false;
  const limit = setTimeout(
    () => {
      isLate = true;
      tool.kill();
    },
    LONGEST_MS + MS_A_MB * (statSync(file).size / 1e6),
  );
  try {
    const name = `what node --prof-process prints of ${input.name}`;
    const text = { name, head: new Uint8Array(), ...streamed(() => fromFirstBrace(tool.stdout)) };
    json = jsonObject(text, '$', await readJson(text, ALL));
  } catch (error) {
    clearTimeout(limit);
    tool.kill();
    const { stderr } = await tool.ended;
    if (isLate)
      throw new FormatError(input, '', `node --prof-process does not come to an end with it`, byItsNode(input));
    throw stderr.trim() === '' ? error : refused(input, facts, stderr);
  }
  const { code, stderr } = await tool.ended.finally(() => clearTimeout(limit));
  if (code !== 0) throw refused(input, facts, stderr);
  const complaints = stderr.split('\n').filter((line) => line.trim() !== '');
  if (complaints.length > 0) {
    const first = complaints[0]!.slice(0, 80);
    notes.add(`node --prof-process complains of lines of the log: ${complaints.length}, first: ${first}`);
  }
  return json;
}

function refused(input: Input, { version }: V8LogFacts, stderr: string): FormatError {
  const lines = stderr.split('\n').map((line) => line.trim());
  const complaint =
    lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.find((line) => line !== '') ?? 'without a word';
  const made = version === ownVersion() ? '' : ` (made by V8 ${version}, this is ${us()})`;
  return new FormatError(input, '', `node --prof-process failed${made}: ${complaint.slice(0, 200)}`, byItsNode(input));
}

function byItsNode(input: Input): string {
  return `run \`node --prof-process --preprocess ${input.name} > ticks.json\` with the node that made it and read ticks.json`;
}

function us(): string {
  return `V8 ${ownVersion()} of node ${process.version}`;
}

/** Without the patch, which changes nothing in logs. */
function ownVersion(): string {
  return process.versions.v8.split(/[.-]/).slice(0, 3).join('.');
}

/** node prints warnings before the JSON. */
async function* fromFirstBrace(stdout: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let started = false;
  let lineStart = true;
  for await (const chunk of stdout) {
    if (started) {
      yield chunk;
      continue;
    }
    let at = 0;
    while (at < chunk.length && !(lineStart && chunk[at] === 0x7b)) lineStart = chunk[at++] === 0x0a;
    if (at === chunk.length) continue;
    started = true;
    yield chunk.subarray(at);
  }
}

/** `isolate-0x31e20e80-11820-v8.log`; 0x writes the pid twice. */
function isolateOf(name: string) {
  const [, isolate, pid] = /isolate-(?:0x)?([0-9a-f]{1,16})-(?:\d{1,9}-)?(\d{1,9})-v8\.log[^/]*$/i.exec(name) ?? [];
  return pid === undefined ? {} : { process: { pid: Number(pid), isolate: `0x${isolate}` } };
}
