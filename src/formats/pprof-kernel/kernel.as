// AssemblyScript: large pprof files from bytes to columns. It only takes what is as encoders write it; of all else it says
// that it is odd, and what TypeScript makes of the file then counts.
export { expectBuckets, fill, mostNodes, overwriteSamples } from './buckets';
export { framesAt, framesFound } from './frames';
export { expectLabels, rankLabels, writeLabels } from './labels';
export { giveBack, keepBelow, mark, room } from './memory';
export { beginSamples, expectSamples, greatest, inexact, MOST_SAMPLES, movedLocations, samples, withLabels } from './samples';
export { scan, scanned, scannedPlaces } from './scan';
export { beginTable, callLines, expectTables, functionColumn, functions, locations, renumber } from './tables';
export { compareTexts, expectTexts, placeTexts } from './texts';
export { expectTree, leafAt, MOST_NODES, nodesAt, tree } from './tree';
export {
  addressesAt,
  expectRows,
  frameRows,
  rowOfFramesAt,
  rowsAt,
  rowsFound,
  stringsAt,
  stringsFound,
} from './words';
