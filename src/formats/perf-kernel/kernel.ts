/**
 * The hot loop of reading `perf script` text, on bytes, and what is made of samples when they are summed or laid over each
 * other. Compiled twice from this one source: by AssemblyScript to WebAssembly, by esbuild to JavaScript. So it holds
 * nothing but 32-bit integers, addresses (i32) of bytes, floats, and functions of memory.ts. These are all functions that
 * the caller may use; blocks.ts reads text.
 */
import {
  blockEnd,
  blockStart,
  internStack,
  position,
  rewind,
  run,
  skipBlock,
  start,
  symbolsStart,
  takeLines,
  takeStackless,
} from './blocks.ts';
import { addChain, chainIsCaller, chainIsKernel, chainLength, chainRoom, readChain, tellSymbol } from './chains.ts';
import { allNodes, drawLines, framelessWeight, namelessCallers, namelessLeaves, selfOfFrames } from './drawn-lines.ts';
import { drawnRow, drawnRows, isMixed } from './drawn-nodes.ts';
import { define, textLength, textStart } from './keys.ts';
import { countRoom, countWanted, printLines, setCountText, startLines } from './line-printer.ts';
import {
  bareWeight,
  layStacks,
  lineLabels,
  lineRows,
  lineStarts,
  sortedLines,
  sumLines,
  sumStacks,
  sumTotal,
} from './line-sums.ts';
import { alloc } from './memory.ts';
import { labelPlaces, labelStarts, labelTexts, nextSymbol, plainCount, plainRows, rankLabels } from './plain-labels.ts';
import { addSample, hasTimes, sampleChunk, sampleCount } from './samples.ts';
import { askedAddress, stackRoom, tellFrame, walkAgain, walkStack, walkWasCut } from './stack-walk.ts';
import { countEvents, hasPeriods } from './sums.ts';
import { layOut, treeFrames, treeParents } from './tree.ts';

// AssemblyScript finds no module that is exported from directly
export {
  addChain,
  addSample,
  allNodes,
  alloc,
  askedAddress,
  bareWeight,
  blockEnd,
  blockStart,
  chainIsCaller,
  chainIsKernel,
  chainLength,
  chainRoom,
  countEvents,
  countRoom,
  countWanted,
  define,
  drawLines,
  drawnRow,
  drawnRows,
  framelessWeight,
  hasPeriods,
  hasTimes,
  internStack,
  isMixed,
  labelPlaces,
  labelStarts,
  labelTexts,
  layOut,
  layStacks,
  lineLabels,
  lineRows,
  lineStarts,
  namelessCallers,
  namelessLeaves,
  nextSymbol,
  plainCount,
  plainRows,
  position,
  printLines,
  rankLabels,
  readChain,
  rewind,
  run,
  sampleChunk,
  sampleCount,
  selfOfFrames,
  setCountText,
  skipBlock,
  sortedLines,
  stackRoom,
  start,
  startLines,
  sumLines,
  sumStacks,
  sumTotal,
  symbolsStart,
  takeLines,
  takeStackless,
  tellFrame,
  tellSymbol,
  textLength,
  textStart,
  treeFrames,
  treeParents,
  walkAgain,
  walkStack,
  walkWasCut,
};
