import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Int32Column } from '../profile/columns.ts';
import type { FindOriginals, FunctionPlace } from '../profile/originals.ts';
import { type ByteSource, openRegularFile } from './byte-source.ts';
import { functionWord } from './function-word.ts';
import type { SourceMap } from './source-map.ts';
import { sourceMapText } from './source-map-text.ts';
import { sourceMapUrl } from './source-map-url.ts';

/** Larger scripts and maps are not read. */
const MOST_BYTES = 64 * 1024 * 1024;
const lineEnd = /\r\n|[\n\r\u2028\u2029]/g;
/** What ends lines in few scripts. */
const rareEnds = ['\r', '\u2028', '\u2029'];

/**
 * Finds the originals of JavaScript functions by the source maps of their scripts: files on this machine, or in the
 * scripts themselves; nothing is fetched. A script is read once, and forgotten before the next one is.
 */
export class SourceMaps {
  private unread = 0;
  private reason = '';

  /** Never throws: what cannot be read is counted, see {@link notes}. */
  readonly find: FindOriginals = async (functions) => {
    const originals: (FunctionPlace | undefined)[] = new Array(functions.length).fill(undefined);
    for (const [file, indexes] of byFile(functions)) {
      const script = await this.open(file);
      if (script === undefined) continue;
      for (const i of indexes) originals[i] = script.originalOf(functions[i]!);
    }
    return originals;
  };

  /** What could not be read, for the person: one line or none. */
  notes(): string[] {
    if (this.unread === 0) return [];
    return this.unread === 1
      ? [`a source map was not read: ${this.reason}`]
      : [`${this.unread} source maps were not read; the first: ${this.reason}`];
  }

  private async open(file: string): Promise<MappedScript | undefined> {
    const path = pathOf(file);
    const source = path === undefined ? undefined : openRegularFile(path);
    if (path === undefined || source === undefined) return undefined;
    try {
      const url = sourceMapUrl(source, MOST_BYTES);
      if (url === undefined) return undefined;
      const found = textOfMap(url, path);
      if (found === undefined) return undefined;
      const { SourceMap } = await import('./source-map.ts');
      const map = new SourceMap(found.text, found.folder);
      return new MappedScript(map, map.hasNames ? withoutMark(bytesOf(source).toString('utf8')) : undefined);
    } catch (error) {
      this.unread++;
      if (this.unread === 1) this.reason = `${path}: ${(error as Error).message}`;
      return undefined;
    } finally {
      source.close();
    }
  }
}

function byFile(functions: readonly FunctionPlace[]): Map<string, number[]> {
  const files = new Map<string, number[]>();
  for (let i = 0; i < functions.length; i++) {
    const { file } = functions[i]!;
    const indexes = files.get(file);
    if (indexes === undefined) files.set(file, [i]);
    else indexes.push(i);
  }
  return files;
}

function pathOf(file: string): string | undefined {
  if (!file.startsWith('file:')) return file;
  try {
    return fileURLToPath(file);
  } catch {
    return undefined;
  }
}

/**
 * @returns undefined: a package was published without the map that its script names, which nobody here can mend
 * @throws {Error} it cannot be read; the message says why
 */
function textOfMap(url: string, script: string): { text: string; folder: string } | undefined {
  const folder = dirname(script);
  if (/^data:/i.test(url)) return { text: textOfData(url), folder };
  const path = pathOfMap(url, script);
  const source = openRegularFile(path);
  if (source === undefined) {
    if (script.includes('/node_modules/')) return undefined;
    throw new Error(`there is no file ${path}`);
  }
  try {
    return { text: withoutMark(sourceMapText(bytesOf(source))), folder: dirname(path) };
  } finally {
    source.close();
  }
}

/** @throws {Error} the address is that of no file */
function pathOfMap(url: string, script: string): string {
  const base = pathToFileURL(script);
  try {
    // TypeScript leaves `#` in a file's name as it is
    const whole = fileURLToPath(new URL(url.replaceAll('#', '%23').replaceAll('?', '%3F'), base));
    return existsSync(whole) ? whole : fileURLToPath(new URL(url, base));
  } catch {
    throw new Error(`its map is no file: ${url.slice(0, 200)}`);
  }
}

/** @throws {Error} it is larger than is read */
function bytesOf(source: ByteSource): Buffer {
  if (source.size > MOST_BYTES) throw new Error(`it or its map is larger than ${MOST_BYTES} bytes`);
  return source.read(0, source.size);
}

function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** What a `data:` address holds (RFC 2397). @throws {Error} it is broken */
function textOfData(url: string): string {
  const comma = url.indexOf(',');
  if (comma < 0) throw new Error('its map is a broken data: address');
  const data = url.slice(comma + 1);
  if (/;\s*base64\s*$/i.test(url.slice(0, comma))) return sourceMapText(Buffer.from(data, 'base64'));
  try {
    return decodeURIComponent(data);
  } catch {
    throw new Error('its map is a broken data: address');
  }
}

/** A script with its map. */
class MappedScript {
  private readonly map: SourceMap;
  private readonly text: string | undefined;
  private readonly lineStarts = new Int32Column();
  private readonly known = new Map<string, FunctionPlace | undefined>();

  /** @param text of the script, where names are to be found by it */
  constructor(map: SourceMap, text: string | undefined) {
    this.map = map;
    this.text = text;
    if (text === undefined) return;
    this.lineStarts.push(0);
    if (rareEnds.some((end) => text.includes(end))) {
      for (const end of text.matchAll(lineEnd)) this.lineStarts.push(end.index + end[0].length);
    } else {
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.lineStarts.push(at + 1);
    }
  }

  originalOf(place: FunctionPlace): FunctionPlace | undefined {
    const key = `${place.line}:${place.column}:${place.name}`;
    if (!this.known.has(key)) this.known.set(key, this.find(place));
    return this.known.get(key);
  }

  private find({ name, line, column }: FunctionPlace): FunctionPlace | undefined {
    const anonymous = name === '' || name === '(anonymous)';
    if (anonymous && line === 1 && column === 1) {
      // The script's own code: that of all its sources
      const only = this.map.onlySource();
      return only === undefined ? undefined : { name, file: only, line: 1, column: 1 };
    }
    if (column === 0) {
      const whole = this.map.originalOfLine(line);
      return whole && { name, file: whole.file, line: whole.line, column: 0 };
    }
    const original = this.map.originalAt(line, column);
    return original && { ...original, name: anonymous ? name : this.nameOf(name, line, column) };
  }

  private nameOf(name: string, line: number, column: number): string {
    if (this.text === undefined || line > this.lineStarts.length) return name;
    const prefix = /^(?:get|set) /.exec(name)?.[0] ?? '';
    const bare = name.slice(prefix.length);
    const at = functionWord(this.text, this.lineStarts.at(line - 1) + column - 1, bare);
    if (at < 0) return name;
    // Of `module.name=function` each word may have had another name
    const words = bare.split('.');
    let from = at;
    for (let i = 0; i < words.length; i++) {
      const length = words[i]!.length + 1;
      words[i] = this.nameAt(from) ?? words[i]!;
      from += length;
    }
    return prefix + words.join('.');
  }

  private nameAt(offset: number): string | undefined {
    let low = 0;
    let high = this.lineStarts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.lineStarts.at(middle) <= offset) low = middle + 1;
      else high = middle;
    }
    return this.map.nameAt(low, offset - this.lineStarts.at(low - 1) + 1);
  }
}
