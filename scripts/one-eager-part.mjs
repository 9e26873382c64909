import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { build } from 'esbuild';

/**
 * Has all that a library loads at once stand in one part. esbuild makes a part of every set of modules that the same entries need,
 * dynamic imports among them, and node takes as long for fifty small files as for all that is in them. So here whatever
 * is imported later says that it needs the whole library, which is loaded by then in any case.
 * @param {string} entry source of the library
 * @param {import('esbuild').BuildOptions} options of its bundle
 * @returns {Promise<import('esbuild').Plugin>}
 */
export async function oneEagerPart(entry, options) {
  const { metafile } = await build({ ...options, entryPoints: [entry], outdir: '.', write: false, metafile: true });
  const later = new Set();
  for (const { imports } of Object.values(metafile.inputs)) {
    for (const { kind, path, external } of imports) {
      if (kind === 'dynamic-import' && !external && path.startsWith('src/')) later.add(resolve(path));
    }
  }
  const needed = `import ${JSON.stringify(resolve(entry))};\n`;
  return {
    name: 'one-eager-part',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, async ({ path }) =>
        later.has(path) ? { contents: needed + (await readFile(path, 'utf8')), loader: 'ts' } : undefined,
      );
    },
  };
}
