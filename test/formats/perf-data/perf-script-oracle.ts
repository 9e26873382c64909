import { execFileSync } from 'node:child_process';
import { openInput } from '../../../src/formats/input.ts';
import { type Read, readAll } from './read-all.ts';

const FIELDS = 'comm,pid,tid,time,event,period,ip,sym,dso';
const sampleLine =
  /^\s*(.*?)\s+(-?\d+)\/(-?\d+)\s+(\d+)\.(\d{9}):\s+(\d+)\s+(\S+?):\s*(?:([0-9a-f]+) (?:\S.* )?\(([^()]*(?: \(deleted\))?)\))?\s*$/;
const frameLine = /^\s+([0-9a-f]+) (?:\S.* )?\(([^()]*(?: \(deleted\))?)\)$/;

/**
 * The samples of a recording as perf itself reads them, one line each: `comm pid/tid time event period address(module)
 * ...`. Addresses in files are offsets in them.
 */
export function perfScriptLines(file: string): string[] {
  const args = ['script', '--force', '--ns', '--no-inline', '--max-stack', '1024', '-F', FIELDS, '-i', file];
  const output = execFileSync('perf', args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const lines: string[] = [];
  for (const line of output.split('\n')) {
    const sample = line.startsWith('\t') ? null : sampleLine.exec(line);
    if (sample !== null) {
      const [, comm, pid, tid, seconds, fraction, period, event, address, module] = sample;
      const ip = address === undefined ? '' : frame(BigInt(`0x${address}`), module!);
      lines.push(`${comm} ${pid}/${tid} ${Number(seconds! + fraction!)} ${event} ${period}${ip}`);
      continue;
    }
    const found = frameLine.exec(line);
    if (found !== null) lines[lines.length - 1] += frame(BigInt(`0x${found[1]}`), found[2]!);
    else if (line.trim() !== '') throw new Error(`perf script prints ${JSON.stringify(line)}`);
  }
  return lines;
}

/** The same by our reader. */
export async function ourLines(file: string): Promise<string[]> {
  return linesOf(await readAll(await openInput(file)));
}

export function linesOf({ info, samples }: Read): string[] {
  return samples.map((sample) => {
    const { callchain, name } = info.events[sample.event]!;
    const addresses = callchain ? sample.frames : [sample.ip];
    const frames = addresses.map((address) => {
      const mapping = sample.space.find(address);
      if (mapping === undefined) return frame(BigInt(address), '[unknown]');
      // Where there is no file, and without chains, perf prints addresses as they are
      const inMemory = !callchain || /^(\[kernel|\/\/anon|\[stack|\[heap)/.test(mapping.path);
      return frame(BigInt(inMemory ? address : address - mapping.start + mapping.offset), mapping.path);
    });
    return `${sample.comm} ${sample.pid}/${sample.tid} ${sample.time} ${name} ${sample.period}${frames.join('')}`;
  });
}

/** Chains by frame pointers hold garbage: what is no address of either half is not exact in a double. */
function frame(address: bigint, module: string): string {
  const signed = BigInt.asIntN(64, address);
  const word = signed > 2n ** 53n || signed < -(2n ** 53n) ? 'garbage' : BigInt.asUintN(64, signed).toString(16);
  return ` ${word}(${/^\/tmp\/perf-\d+\.map$/.test(module) ? '//anon' : module})`;
}
