import { execFileSync } from 'node:child_process';
import type { PlaceFrame } from '../../../src/symbols/object-source.ts';

const MOST_OUTPUT = 2 ** 30;

/** The address of every instruction of a program's own code. */
export function instructions(program: string): Float64Array {
  const args = ['-d', '-j', '.text', '--no-show-raw-insn', program];
  const text = execFileSync('objdump', args, { encoding: 'utf8', maxBuffer: MOST_OUTPUT });
  return Float64Array.from(text.matchAll(/^ +([0-9a-f]+):\t/gm), ([, address]) => Number.parseInt(address!, 16));
}

/** What addr2line (binutils) says of addresses, names as linkers know them: of each its functions, outermost first. */
export function addr2lineFrames(program: string, addresses: Float64Array, tool = 'addr2line'): PlaceFrame[][] {
  const input = Array.from(addresses, (address) => `0x${address.toString(16)}`).join('\n');
  const args = ['-a', '-i', '-f', '-e', program];
  const text = execFileSync(tool, args, { input: `${input}\n`, encoding: 'utf8', maxBuffer: MOST_OUTPUT });
  const chains: PlaceFrame[][] = [];
  const lines = text.split('\n');
  for (let at = 0; at + 1 < lines.length; ) {
    if (/^0x[0-9a-f]{1,16}$/.test(lines[at]!)) {
      chains.push([]);
      at++;
      continue;
    }
    chains.at(-1)!.unshift(frameOf(lines[at]!, lines[at + 1]!));
    at += 2;
  }
  return chains;
}

function frameOf(name: string, place: string): PlaceFrame {
  const [, file = '', line = ''] = /^(.*):(\d+|\?)(?: \(discriminator \d+\))?$/.exec(place) ?? [];
  return { name: name === '??' ? '' : name, file: file === '??' ? '' : file, line: line === '?' ? 0 : Number(line) };
}
