// The command line as three bundles: cli.cjs starts and knows `--version` and `--help`; program.js has all commands and
// execa.js what starts programs. The latter two are run by src/code-cache.ts, and so without being parsed and compiled.
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const CODE_CACHE = resolve('src/code-cache.ts');

/**
 * @param {string} folder where the bundles are put
 * @param {import('esbuild').BuildOptions} options of all bundles
 * @returns {Promise<readonly string[]>} the files that are in them
 */
export async function makeCommandLine(folder, options) {
  const files = new Set();
  /** Those that are made: by what imports them, what runs them. */
  const loaders = new Map();

  async function bundle(entry, name) {
    const { metafile } = await build({
      ...options,
      entryPoints: [{ in: entry, out: name }],
      outdir: folder,
      format: 'cjs',
      outExtension: { '.js': '.cjs' },
      minifySyntax: true,
      minifyWhitespace: true,
      define: { 'import.meta.url': 'fileUrlOfBundle' },
      banner: { js: 'const fileUrlOfBundle=require("node:url").pathToFileURL(__filename).href;' },
      plugins: [loadedApart(loaders), childProcessWhenUsed],
      metafile: true,
    });
    for (const file of Object.keys(metafile.inputs)) files.add(file);
  }

  for (const [imported, entry, name] of [
    ['execa', 'execa', 'execa'],
    ['./run-command.ts', 'src/run-command.ts', 'program'],
  ]) {
    await bundle(entry, name);
    const made = join(folder, `${name}.cjs`);
    const source = `(function(exports,require,module,__filename,__dirname){${readFileSync(made, 'latin1')}})`;
    rmSync(made);
    writeFileSync(join(folder, `${name}.js`), source, 'latin1');
    const number = createHash('sha256').update(source, 'latin1').digest('hex').slice(0, 16);
    loaders.set(
      imported,
      `module.exports=require(${JSON.stringify(CODE_CACHE)}).loadCompiled(__dirname+"/${name}.js","${number}")`,
    );
  }
  await bundle('src/cli.ts', 'cli');
  return [...files];
}

/** Imports of what is in a bundle of its own. */
function loadedApart(loaders) {
  return {
    name: 'loaded apart',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /./ }, ({ path, kind, importer }) => {
        if (kind !== 'dynamic-import') return undefined;
        if (loaders.has(path)) return { path, namespace: 'apart' };
        // The list of commands is in the help, which needs none of them
        return importer.endsWith('commands/registry.ts') && loaders.has('./run-command.ts')
          ? { external: true }
          : undefined;
      });
      onLoad({ filter: /./, namespace: 'apart' }, ({ path }) => ({ contents: loaders.get(path), resolveDir: '.' }));
    },
  };
}

/** commander asks for it at once, for commands that are programs of their own: a millisecond, and we have none such. */
const childProcessWhenUsed = {
  name: 'child_process when it is used',
  setup({ onLoad }) {
    onLoad({ filter: /commander\/lib\/command\.js$/ }, ({ path }) => {
      const required = "const childProcess = require('node:child_process');";
      const source = readFileSync(path, 'utf8');
      if (!source.includes(required))
        throw new Error(`${path} loads child_process in another way: see ${import.meta.filename}`);
      return {
        contents: source.replace(
          required,
          "const childProcess = { spawn: (...words) => require('node:child_process').spawn(...words) };",
        ),
      };
    });
  },
};
