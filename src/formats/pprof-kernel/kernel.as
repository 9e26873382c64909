// AssemblyScript: large pprof files from bytes to columns. It only takes what is as encoders write it; of all else it says
// that it is odd, and what TypeScript makes of the file then counts.
export { expectBuckets, fill, mostNodes } from './buckets';
export { expectTexts, rankLabels } from './labels';
export { room } from './memory';
export { beginSamples, expectSamples, inexact, MOST_SAMPLES, samples, withLabels } from './samples';
export {
  beginTable,
  callLines,
  expectTables,
  framesAt,
  framesFound,
  functionColumn,
  functions,
  locations,
  renumber,
} from './tables';
export { expectTree, leafAt, MOST_NODES, nodesAt, tree } from './tree';
