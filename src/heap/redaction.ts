import { createHmac, randomBytes } from 'node:crypto';
import { codeOf, type HeapGraph } from './graph.ts';

/**
 * What becomes of each string of a snapshot's file when it is redacted: kept as a name of the program's own, or replaced by
 * its length and hash. Index as in `graph.strings`.
 */
export type Redaction = (index: number, text: string) => string;

const REPLACE = 0;
const KEEP = 1;
/** `<input value="...">`: the tag stays. */
const MARKUP = 2;
/** Names of the edges of WeakMaps hold names of what they connect. */
const PAIR = 3;

const PAIR_NAME = /^(\d+ \/ part of key \().*?( @\d+\) -> value \().*?( @\d+\) pair in WeakMap \(table @\d+\))$/s;

/**
 * Decides which strings of a snapshot are names that the program gave, and which are what it worked with. Names of
 * functions, classes, variables and scripts stay, and of properties those that stand in code. Contents of strings, sources,
 * regular expressions, numbers and the keys of objects that are used as dictionaries (tokens, addresses of people) do not:
 * when in doubt it is replaced.
 * @param key of the hashes: equal texts get equal hashes under one key, and without it nobody can try texts out.
 *   Default: a random one, which is forgotten
 */
export function redaction(graph: HeapGraph, key: Uint8Array = randomBytes(32)): Redaction {
  const fate = fates(graph);
  const replaced = (text: string): string => {
    const hash = createHmac('sha256', key).update(text, 'utf8').digest('hex').slice(0, 12);
    return `[${text.length} characters, ${hash}]`;
  };
  return (index, text) => {
    switch (fate[index]) {
      case KEEP:
        return text;
      case MARKUP: {
        const space = text.indexOf(' ', text.startsWith('Detached ') ? 'Detached '.length : 0);
        return space < 0 ? text : `${text.slice(0, space)} ${replaced(text.slice(space + 1))}>`;
      }
      case PAIR:
        return text.replace(PAIR_NAME, (_, first: string, middle: string, end: string) => `${first}…${middle}…${end}`);
      default:
        return replaced(text);
    }
  };
}

/** Types of nodes whose names are what they hold. */
const CONTENT_TYPES = ['string', 'regexp', 'number', 'bigint'];
/** Names that V8 gives to nodes of these types where it does not tell what they hold. */
const CONTENT_LABELS = ['heap number', 'number', 'bigint', 'smi number'];

function fates(graph: HeapGraph): Uint8Array {
  const { nodeCount, nodeType, nodeTypes, nodeName, strings } = graph;
  const fate = new Uint8Array(strings.count);
  const native = codeOf(nodeTypes, 'native');
  const isContent = nodeTypes.map((type) => CONTENT_TYPES.includes(type));
  const inCode = wordsOfCode(graph);
  for (let node = 0; node < nodeCount; node++) {
    const type = nodeType[node]!;
    if (!isContent[type] && type !== native) fate[nodeName[node]!] = KEEP;
  }
  for (const label of CONTENT_LABELS) {
    const index = strings.find(label);
    if (index >= 0) fate[index] = KEEP;
  }
  keepEdgeNames(graph, fate, inCode);
  keepTraceNames(graph, fate);
  for (let node = 0; node < nodeCount; node++) {
    if (nodeType[node] !== native) continue;
    // Of what is detached the file does not say so
    const name = strings.origin(nodeName[node]!);
    if (fate[name] !== REPLACE) continue;
    fate[name] = /^(?:Detached )?</.test(strings.text(name)) ? MARKUP : KEEP;
  }
  return fate;
}

/** Names of variables and of what V8 keeps stay; of properties those that stand in code, and accessors of those. */
function keepEdgeNames(graph: HeapGraph, fate: Uint8Array, inCode: Uint8Array): void {
  const { edgeCount, edgeType, edgeTypes, edgeName, strings } = graph;
  const property = codeOf(edgeTypes, 'property');
  const internal = codeOf(edgeTypes, 'internal');
  const isNumber = edgeTypes.map((type) => type === 'element' || type === 'hidden');
  const seen = new Uint8Array(strings.count);
  for (let edge = 0; edge < edgeCount; edge++) {
    const type = edgeType[edge]!;
    const name = edgeName[edge]!;
    if (isNumber[type] || fate[name] !== REPLACE || seen[name] === 1) continue;
    if (type === property) {
      if (inCode[name] === 1 || isAccessor(graph, strings.text(name), inCode)) fate[name] = KEEP;
      else seen[name] = 1;
    } else fate[name] = type === internal && PAIR_NAME.test(strings.text(name)) ? PAIR : KEEP;
  }
}

function isAccessor({ strings }: HeapGraph, name: string, inCode: Uint8Array): boolean {
  if (/^<symbol [^>]*>$/.test(name)) return true;
  const base = /^[gs]et ([\w$]+)$/.exec(name)?.[1];
  const index = base === undefined ? -1 : strings.find(base);
  return index >= 0 && inCode[index] === 1;
}

function keepTraceNames({ traces }: HeapGraph, fate: Uint8Array): void {
  for (const column of traces === undefined ? [] : [traces.functions.name, traces.functions.scriptName]) {
    for (const index of column) fate[index] = KEEP;
  }
}

/** Where V8 keeps the words of a program's source, and of those that node brings with it. */
const CODE_NAMES =
  /^(?:\(constant pool\)|system \/ (?:ScopeInfo|ObjectBoilerplateDescription|ArrayBoilerplateDescription|ClassBoilerplate))$/;
const ROOT_NAMES = /^\((?:Startup object cache|Shareable object cache|Read-only roots|Builtins|Eternal handles)\)$/;

/** 1 for strings that stand in code. Feedback does not count: it remembers keys that a program used. */
function wordsOfCode(graph: HeapGraph): Uint8Array {
  const { nodeCount, nodeType, nodeTypes, nodeName, firstEdge, edgeTo, strings } = graph;
  const string = codeOf(nodeTypes, 'string');
  const synthetic = codeOf(nodeTypes, 'synthetic');
  const content = new Set(CONTENT_TYPES.map((type) => codeOf(nodeTypes, type)));
  const words = new Uint8Array(strings.count);
  const known = new Map<number, boolean>();
  for (let node = 0; node < nodeCount; node++) {
    const type = nodeType[node]!;
    if (content.has(type)) continue;
    const name = nodeName[node]!;
    const key = name * 2 + (type === synthetic ? 1 : 0);
    let isCode = known.get(key);
    if (isCode === undefined) {
      isCode = (type === synthetic ? ROOT_NAMES : CODE_NAMES).test(strings.text(name));
      known.set(key, isCode);
    }
    if (!isCode) continue;
    for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
      const to = edgeTo[edge]!;
      if (nodeType[to] === string) words[nodeName[to]!] = 1;
    }
  }
  return words;
}
