// Compiles the kernel of the perf-script reader to WebAssembly.
import { readFileSync, writeFileSync } from 'node:fs';
import asc from 'assemblyscript/asc';

const folder = 'src/formats/perf-kernel';
/**
 * Pages of 64 KiB, in which the tables of a small recording have room. Until they are touched they cost nothing; to grow
 * memory does: V8 takes what it was before for garbage that is worth collecting.
 */
const INITIAL_PAGES = 400;

/** @param {string} file where the module is written */
export async function buildKernel(file) {
  const { error, stderr } = await asc.main(
    [
      'kernel.ts',
      '--outFile',
      'kernel.wasm',
      '-O3',
      '--noAssert',
      '--converge',
      '--enable',
      'simd,bulk-memory',
      '--runtime',
      'stub',
      '--initialMemory',
      String(INITIAL_PAGES),
    ],
    {
      // kernel.ts stands on memory.ts in JavaScript and on memory.as here
      readFile(name) {
        const source = name.replace(/\.ts$/, '').replace(/\.ts$/, '') === 'memory' ? 'memory.as' : name;
        try {
          return readFileSync(`${folder}/${source}`, 'utf8');
        } catch {
          return null;
        }
      },
      writeFile(_name, contents) {
        writeFileSync(file, contents);
      },
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
}
