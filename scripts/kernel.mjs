// Compiles the kernels of the readers of perf script text, of heap snapshots, of JSON and of pprof, and of checksums, to WebAssembly.
import { readFileSync, writeFileSync } from 'node:fs';
import asc from 'assemblyscript/asc';

const folder = 'src/formats/perf-kernel';
/**
 * Pages of 64 KiB, in which the tables of a small recording have room. Until they are touched they cost nothing; to grow
 * memory does: V8 takes what it was before for garbage that is worth collecting.
 */
const INITIAL_PAGES = 400;
/** As far as memory.as of the JSON kernel goes: see {@link buildJsonKernel}. */
const JSON_PAGES = 151;
/** It gets as many as a file needs. */
const PPROF_PAGES = 2;
const PAGE_BYTES = 1 << 16;

/** @param {string} file where the module is written */
export async function buildKernel(file) {
  // kernel.ts stands on memory.ts in JavaScript and on memory.as here
  const source = (name) => (name.replace(/\.ts$/, '').replace(/\.ts$/, '') === 'memory' ? 'memory.as' : name);
  await compile(file, (name) => `${folder}/${source(name)}`, INITIAL_PAGES, ['--enable', 'simd,bulk-memory']);
}

/** @param {string} file where the module is written */
export async function buildNumberKernel(file) {
  const source = (name) => (name === 'kernel.ts' ? 'src/formats/heapsnapshot/number-kernel.as' : 'none');
  await compile(file, source, 4);
}

/**
 * @param {string} file where the module is written
 * @throws {Error} its memory is shorter than what memory.as puts there
 */
export async function buildJsonKernel(file) {
  const source = (name) => `src/formats/json-kernel/${name.replace(/\.ts$/, '')}.as`;
  await compile(file, source, JSON_PAGES, ['--enable', 'simd,bulk-memory']);
  const { END } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file)), {}).exports;
  const needed = Math.ceil(END.value / PAGE_BYTES);
  if (needed !== JSON_PAGES) throw new Error(`the JSON kernel needs ${needed} pages and is given ${JSON_PAGES}`);
}

/** @param {string} file where the module is written */
export async function buildPprofKernel(file) {
  const source = (name) => `src/formats/pprof-kernel/${name.replace(/\.ts$/, '')}.as`;
  await compile(file, source, PPROF_PAGES, ['--enable', 'bulk-memory', '--importMemory']);
}

/** @param {string} file where the module is written */
export async function buildChecksum(file) {
  await compile(file, (name) => (name === 'kernel.ts' ? 'src/checksum.as' : 'none'), 1, ['--importMemory']);
}

/** @param {(name: string) => string} pathOf the source of a module; the first one is kernel.ts */
async function compile(file, pathOf, pages, options = []) {
  const { error, stderr } = await asc.main(
    [
      ...['kernel.ts', '--outFile', 'kernel.wasm', '-O3', '--noAssert', '--converge', ...options],
      ...['--runtime', 'stub', '--initialMemory', String(pages)],
    ],
    {
      readFile(name) {
        try {
          return readFileSync(pathOf(name), 'utf8');
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
