import type { Profile } from '../../profile/profile.ts';
import { FormatError, type Input, type Notes } from '../format.ts';
import { decodeText } from '../text/lines.ts';
import { type CpuHeader, HEADER_WORDS, wordAt } from './cpu-header.ts';
import { javaLocation } from './java.ts';
import { callAddresses, LegacyTable } from './table.ts';

/**
 * Reads a CPU profile of gperftools and its kin: after the header, samples of a count, a depth and that many addresses,
 * up to the sample 0, 1, 0; then text: a memory map, for Java the names.
 * @throws {FormatError} a sample that goes beyond the end, or a count above 2^53
 */
export function readLegacyCpu(input: Input, bytes: Uint8Array, header: CpuHeader, notes: Notes): Profile {
  const { size, java, period } = header;
  const table = new LegacyTable();
  let at = HEADER_WORDS * size;
  let ended = false;
  while (!ended && at < bytes.length) {
    const start = at;
    const left = Math.floor((bytes.length - at) / size) - 2;
    const count = left < 0 ? 0n : wordAt(bytes, at, header);
    const depth = left < 0 ? 0n : wordAt(bytes, at + size, header);
    if (left < 0 || depth > BigInt(left))
      throw new FormatError(input, `byte ${start}`, 'the sample goes beyond the end of the file', 'the file was cut');
    at += 2 * size;
    const addresses: bigint[] = [];
    for (let i = 0; i < Number(depth); i++, at += size) addresses.push(wordAt(bytes, at, header));
    ended = count === 0n && addresses.length === 1 && addresses[0] === 0n;
    if (ended) break;
    const nanoseconds = Number(count) * period;
    if (!Number.isSafeInteger(nanoseconds))
      throw new FormatError(input, `byte ${start}`, `the count ${count} is too large`);
    table.samples.push({
      addresses: java ? addresses : callAddresses(addresses, false),
      values: [Number(count), nanoseconds],
    });
  }
  if (!ended) notes.add(`${input.name} ends without the mark of its end: samples may be missing`);
  for (const line of decodeText(bytes.subarray(at)).split('\n')) {
    if (java) javaLocation(line, table.words);
    else table.mapLine(line);
  }
  if (!java) dropHandlerFrames(table);
  const types = [
    { type: 'samples', unit: 'count' },
    { type: 'cpu', unit: 'nanoseconds' },
  ];
  return table.build(types, { tool: 'pprof', sampleInterval: period, notes: notes.list }, notes);
}

/**
 * As google/pprof does: the caller of the leaf that (nearly) all samples share is the signal handler, at most twice;
 * and the leaf may be there again as a return address.
 */
function dropHandlerFrames({ samples }: LegacyTable): void {
  const margin = Math.floor(samples.length / 32);
  const stacks = samples.map(({ addresses }) => [...addresses]);
  for (let round = 0; round < 2; round++) {
    const counts = new Map<bigint, number>();
    for (const [, caller] of stacks) if (caller !== undefined) counts.set(caller, (counts.get(caller) ?? 0) + 1);
    const handler = [...counts].find(([, count]) => count >= samples.length - margin)?.[0];
    if (handler !== undefined) for (const stack of stacks) if (stack[1] === handler) stack.splice(1, 1);
  }
  stacks.forEach((stack, i) => {
    if (stack.length > 1 && stack[0] === stack[1]! + 1n) stack.splice(1, 1);
    samples[i] = { ...samples[i]!, addresses: stack };
  });
}
