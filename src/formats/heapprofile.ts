import { type FrameWords, ProfileBuilder } from '../profile/builder.ts';
import { jsKind } from '../profile/kind.ts';
import type { Kind, Profile } from '../profile/profile.ts';
import { type Claim, type Format, FormatError, type Input, type Notes } from './format.ts';
import { type JsonObject, jsonArray, jsonNumber, jsonObject, jsonString, readJsonObject } from './json-input.ts';
import { decodeText } from './text-lines.ts';
import { ANONYMOUS, scriptFile } from './v8-names.ts';

/**
 * V8's sampling heap profile, `.heapprofile` (`node --heap-prof`, DevTools' allocation sampling;
 * `HeapProfiler.SamplingHeapProfile` of the inspector protocol): a tree of callers under `head`, and with newer V8 the
 * single samples, of which only the number is of use. Bytes are those still in use when it was written, unless the
 * recording asked for collected objects too (`includeObjectsCollectedByMajorGC`), which the file does not say.
 */
export const heapprofile: Format = { id: 'heapprofile', title: 'V8 sampling heap profile', detect, read };

const ROOT = '(root)';

/** Allocations without a JavaScript stack, by V8's state at the time (`SamplingHeapProfiler::AddStack`). */
const stateKinds: ReadonlyMap<string, Kind> = new Map([
  ['(GC)', 'gc'],
  ...['PARSER', 'COMPILER', 'BYTECODE_COMPILER', 'V8 API', 'EXTERNAL', 'LOGGING', 'IDLE', 'JS'].map(
    (state): [string, Kind] => [`(${state})`, 'native'],
  ),
]);

function detect(head: Uint8Array): Claim {
  const text = decodeText(head).trimStart();
  if (!text.startsWith('{')) return 'no';
  if (/"head"\s*:\s*\{/.test(text) && /"callFrame"\s*:/.test(text) && /"selfSize"\s*:/.test(text)) return 'yes';
  if (/^\{\s*"samples"\s*:\s*\[\s*\{/.test(text) && /"ordinal"\s*:/.test(text) && /"nodeId"\s*:/.test(text))
    return 'yes';
  return /^\{\s*"head"\s*:\s*\{\s*"(?:callFrame|selfSize)"\s*:/.test(text) ? 'maybe' : 'no';
}

async function read(input: Input, notes: Notes): Promise<Profile> {
  const file = await readJsonObject(input);
  const counts = readSampleCounts(input, file);
  const bytes = { type: 'inuse_space', unit: 'bytes' };
  const builder = new ProfileBuilder(counts ? [{ type: 'samples', unit: 'count' }, bytes] : [bytes]);
  let total = 0;
  const waiting: { path: string; value: unknown; caller: number }[] = [
    { path: '$.head', value: file.head, caller: -1 },
  ];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { path, caller } = next;
    const node = jsonObject(input, path, next.value);
    const words = frameWords(input, `${path}.callFrame`, jsonObject(input, `${path}.callFrame`, node.callFrame));
    const root = path === '$.head' && words.name === ROOT;
    const stack = root ? -1 : builder.stack(caller, builder.frame(words));
    const size = sizeOf(input, `${path}.selfSize`, node.selfSize);
    total += size;
    const samples = (typeof node.id === 'number' ? counts?.get(node.id) : undefined) ?? 0;
    if (size > 0) builder.sample(stack, counts ? [samples, size] : [size]);
    const children = node.children === undefined ? [] : jsonArray(input, `${path}.children`, node.children);
    for (let i = children.length - 1; i >= 0; i--) {
      // A path as deep as the tree would make messages, and memory, quadratic
      const place = path.length > 200 ? `$.head ... children[${i}]` : `${path}.children[${i}]`;
      waiting.push({ path: place, value: children[i], caller: stack });
    }
  }
  if (total === 0) notes.add('no sampled object was still in use when the heap profile was written');
  return builder.build({ tool: 'v8-heap', notes: notes.list });
}

/** Samples by the id of their node; undefined where the file holds none. */
function readSampleCounts(input: Input, file: JsonObject): Map<number, number> | undefined {
  if (file.samples === undefined) return undefined;
  const samples = jsonArray(input, '$.samples', file.samples);
  const counts = new Map<number, number>();
  for (let i = 0; i < samples.length; i++) {
    const path = `$.samples[${i}]`;
    const id = jsonNumber(input, `${path}.nodeId`, jsonObject(input, path, samples[i]).nodeId);
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

function sizeOf(input: Input, path: string, value: unknown): number {
  const size = jsonNumber(input, path, value);
  if (size >= 0 && size <= Number.MAX_SAFE_INTEGER) return size;
  throw new FormatError(input, path, `${size} is no number of bytes`);
}

function frameWords(input: Input, path: string, call: JsonObject): FrameWords {
  const name = jsonString(input, `${path}.functionName`, call.functionName);
  const url = call.url === undefined ? '' : jsonString(input, `${path}.url`, call.url);
  if (url === '') {
    // Scripts that are gone have lost their URL; what never had a script is built in
    const scripted = call.scriptId !== undefined && String(call.scriptId) !== '0';
    const kind = stateKinds.get(name) ?? (scripted || name === ROOT ? 'unknown' : 'builtin');
    return { name: name || ANONYMOUS, kind };
  }
  const file = scriptFile(url);
  const line = position(input, `${path}.lineNumber`, call.lineNumber);
  const column = position(input, `${path}.columnNumber`, call.columnNumber);
  return { name: name || ANONYMOUS, file, line, column, kind: jsKind(file) };
}

/** The file counts from 0, we from 1; 0 where it says nothing or -1. */
function position(input: Input, path: string, value: unknown): number {
  if (value === undefined) return 0;
  const number = jsonNumber(input, path, value);
  return Number.isInteger(number) && number >= 0 && number < 0x7fffffff ? number + 1 : 0;
}
