// AssemblyScript: what takes most of the time in large JSON files, sixteen bytes at a time. All work on text that was put
// to TEXT and tell by `taken` how many bytes of it are done with.
export {
  END,
  GAP_ROWS,
  GAP_TIMES,
  IDS,
  KEYS,
  KEYS_END,
  MOST_CHILDREN,
  MOST_IDS,
  MOST_ROWS,
  MOST_SAMPLES,
  MOST_TEXT,
  NUMBERS,
  ROWS,
  SPANS,
  TEXT,
  WORDS,
} from './memory';
export { hits, learn, nodes, unknown, unknownEnd } from './cpu-nodes';
export { integers } from './integers';
export { backwards, gap, gaps, kept, lag, passed, settle } from './settle';
export { taken } from './taken';
export { forget, texts, textsEnd } from './texts';
