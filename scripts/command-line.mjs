// The command line as bundles: cli.cjs starts and knows `--version` and `--help`; program.js has all commands, execa.js what
// starts programs, and each database's client its own. All but the first are run by src/code-cache.ts, and so without being
// parsed and compiled.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { build, transform } from 'esbuild';

/** What `import.meta.url` is in bundles. */
const FILE_URL = 'const fileUrlOfBundle=require("node:url").pathToFileURL(__filename).href;';
const CODE_CACHE = resolve('src/code-cache.ts');

/**
 * @param {string} folder where the bundles are put
 * @param {import('esbuild').BuildOptions} options of all bundles
 * @returns {Promise<readonly string[]>} the files that are in them
 */
export async function makeCommandLine(folder, options) {
  mkdirSync(folder, { recursive: true });
  const files = new Set();
  /** Those that are made: by what imports them, what runs them. */
  const loaders = new Map();

  async function bundle(entry, name, { plugins = [], ...more } = {}) {
    const { metafile, outputFiles } = await build({
      ...options,
      entryPoints: [{ in: entry, out: name }],
      outdir: folder,
      format: 'cjs',
      minifySyntax: true,
      minifyWhitespace: true,
      define: { 'import.meta.url': 'fileUrlOfBundle' },
      plugins: [...(options.plugins ?? []), loadedApart(loaders), ...plugins],
      metafile: true,
      write: false,
      ...more,
    });
    for (const file of Object.keys(metafile.inputs)) files.add(file);
    return outputFiles;
  }

  for (const [imported, entry, name, choices] of [
    ['execa', 'execa', 'execa'],
    ['pg', 'pg', 'pg'],
    ['node-sqlite3-wasm', 'node-sqlite3-wasm', 'sqlite'],
    [
      './run-command.ts',
      'src/run-command.ts',
      'program',
      { plugins: [nodeModulesWhenUsed], format: 'esm', splitting: true, chunkNames: '[name]-[hash]' },
    ],
  ]) {
    const parts = await bundle(entry, name, choices);
    const code = parts.length === 1 ? parts[0].text : await modulesOf(parts, `${name}.js`);
    const source = `(function(exports,require,module,__filename,__dirname){${FILE_URL + ascii(code)}})`;
    writeFileSync(join(folder, `${name}.js`), source);
    const number = createHash('sha256').update(source).digest('hex').slice(0, 16);
    loaders.set(
      imported,
      `module.exports=require(${JSON.stringify(CODE_CACHE)}).loadCompiled(__dirname+"/${name}.js","${number}",require)`,
    );
  }
  const [cli] = await bundle('src/cli.ts', 'cli');
  writeFileSync(join(folder, 'cli.cjs'), FILE_URL + cli.text);
  return [...files];
}

/**
 * Parts of a program that was split where modules are imported when they are needed, as functions of one script: to make each of
 * ten thousand functions takes the engine longer than to run those that a command needs.
 */
async function modulesOf(parts, first) {
  const modules = [];
  for (const { path, text } of parts) {
    const { code } = await transform(text, {
      format: 'cjs',
      target: 'node20',
      minifySyntax: true,
      minifyWhitespace: true,
      supported: { 'dynamic-import': false },
    });
    modules.push(`${JSON.stringify(`./${basename(path)}`)}:function(exports,require,module){${code}}`);
  }
  return (
    `const modules={${modules.join(',\n')}};const loaded=new Map;` +
    'function load(name){const made=modules[name];if(made===undefined)return require(name);let module=loaded.get(name);' +
    'if(module===undefined){module={exports:{}};loaded.set(name,module);made(module.exports,load,module)}return module.exports}' +
    `module.exports=load("./${first}");`
  );
}

/** esbuild leaves regular expressions and templates as they are; a bundle is read byte by byte. */
function ascii(code) {
  return code.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
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

/** What takes a millisecond to load and is needed by few commands, commander included. */
const EXPENSIVE = /^node:(child_process|crypto|fs\/promises|https?|stream\/consumers|tls)$/;

/** Modules of node that are loaded when one of their functions is called. Classes cannot be imported from them so. */
const nodeModulesWhenUsed = {
  name: 'modules of node when they are used',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: EXPENSIVE }, ({ path, namespace }) =>
      namespace === 'when-used' ? { path, external: true } : { path, namespace: 'when-used' },
    );
    onLoad({ filter: EXPENSIVE, namespace: 'when-used' }, async ({ path }) => {
      const functions = Object.entries(await import(path)).filter(([, value]) => typeof value === 'function');
      const names = functions.map(([name]) => name).filter((name) => /^[a-z]/.test(name) && name !== 'default');
      return {
        contents: names
          .map((name) => `export const ${name}=(...words)=>require(${JSON.stringify(path)}).${name}(...words);`)
          .join(''),
      };
    });
  },
};
