// AssemblyScript: what takes most of the time in large JSON files, sixteen bytes at a time. All work on text that was put
// to TEXT and tell by `taken` how many bytes of it are done with.
export { MOST_CHILDREN, MOST_ROWS, MOST_TEXT, NUMBERS, ROWS, TEXT, WORDS } from './memory';
export { integers } from './integers';
export { learn, nodes, unknown, unknownEnd } from './cpu-nodes';
export { taken } from './taken';
