// The command line as bundles: cli.cjs starts and knows `--version` and `--help`; program.js, drawing.js and others.js have all
// commands, execa.js what starts programs, and each database's client its own. All but the first are run by src/code-cache.ts, and
// so without being parsed and compiled.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { Script } from 'node:vm';
import { build } from 'esbuild';

/** What `import.meta.url` is in bundles. */
const FILE_URL = 'const fileUrlOfBundle=require("node:url").pathToFileURL(__filename).href;';
const CODE_CACHE = resolve('src/code-cache.ts');
/**
 * Files of the program by what they are for: to read the source of all, which V8 wants however little of it runs, takes longer than
 * to run most functions once. A part is in the first whose sources import it; whatever is in none is in the last.
 */
const PROGRAM = [
  {
    name: 'program',
    sources: [
      'src/run-command.ts',
      'src/commands/convert.ts',
      'src/formats/registry.ts',
      'src/formats/perf-binary/read-perf-data.ts',
      'src/formats/perf-script/blocks.ts',
      'src/formats/perf-kernel/open-kernel.ts',
      'src/formats/input/pipe-pieces.ts',
      'src/formats/folded/read-folded.ts',
      'src/formats/folded/write.ts',
      'src/formats/folded/limits.ts',
    ],
  },
  {
    name: 'drawing',
    sources: [
      'src/commands/flame.ts',
      'src/commands/record.ts',
      'src/commands/report.ts',
      'src/formats/perf-binary/rehearsal.ts',
      'src/commands/flame/drawing.ts',
      'src/commands/flame/html-drawing.ts',
      'src/commands/flame/picture.ts',
      'src/render/compact/compact-svg.ts',
      'src/render/flame-svg.ts',
      'src/render/flame-text.ts',
      'src/render/html/flame-html.ts',
      'src/render/report-csv.ts',
      'src/render/report-md.ts',
      'src/symbols/source-maps.ts',
    ],
  },
  { name: 'others', sources: [] },
];

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
    return { parts: outputFiles, metafile };
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
    const { parts, metafile } = await bundle(entry, name, choices);
    const write = (file, code) => {
      const source = `(function(exports,require,module,__filename,__dirname,loadBeside){${FILE_URL + ascii(code)}})`;
      writeFileSync(join(folder, `${file}.js`), source);
      return createHash('sha256').update(source).digest('hex').slice(0, 16);
    };
    const number = parts.length === 1 ? write(name, parts[0].text) : writeProgram(parts, metafile, write);
    const loaded = `loadCompiled(__dirname+"/${name}.js","${number}",require)`;
    const loader = JSON.stringify(CODE_CACHE);
    // Where parts are apart, only what is exported by name can be imported by name
    const names =
      entry === imported ? Object.keys(await import(entry)).filter((word) => /^(?!default$)\w+$/.test(word)) : [];
    loaders.set(
      imported,
      entry === imported
        ? `import{loadCompiled}from ${loader};const made=${loaded};export const {${names.join(',')}}=made;export default made.__esModule?made.default:made`
        : `module.exports=require(${loader}).${loaded}`,
    );
  }
  const { parts } = await bundle('src/cli.ts', 'cli');
  writeFileSync(join(folder, 'cli.cjs'), FILE_URL + parts[0].text);
  return [...files];
}

/**
 * Writes a program that was split where modules are imported when they are needed. Its parts are functions, many in one script: to
 * make each of ten thousand functions takes the engine longer than to run those that a command needs.
 *
 * A part hands out what it exports as it is when the part has run, so that whoever imports it has constants of its own: to
 * look each name up by way of a getter, as other bundles of CommonJS do, is a third of what it takes to run all parts of a command.
 * That is right as parts never import each other in a circle, and nothing that is exported is changed later.
 * @returns the number of the first file
 */
function writeProgram(parts, metafile, write) {
  for (const path of Object.keys(metafile.inputs)) {
    if (path.startsWith('src/') && /^export (?:let|var) /m.test(readFileSync(path, 'utf8'))) {
      throw new Error(`${path} exports a variable: other parts of the program would not see it change`);
    }
  }
  const [first, ...others] = filesOf(metafile);
  const nameOf = (path) => {
    const file = others.find((one) => one.parts.has(basename(path)));
    return `./${file ? `${file.name}/` : ''}${basename(path)}`;
  };
  const imports = new Map(Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output.imports]));
  const modulesOf = (file) => {
    const own = parts.filter(({ path }) => file.parts.has(basename(path)));
    const functions = own.map(({ path, text }) => {
      const body = linked(text, imports.get(basename(path)), basename(path), nameOf);
      return `${JSON.stringify(nameOf(path))}:function(require,importLater){${body}}`;
    });
    return `{${functions.join(',\n')}}`;
  };
  const numbers = others.map((file) => `${file.name}:"${write(file.name, `module.exports=${modulesOf(file)}`)}"`);
  return write(
    first.name,
    `const files={"":${modulesOf(first)}};const numbers={${numbers}};const loaded=new Map;` +
      'function made(name){const file=name.slice(2,Math.max(2,name.lastIndexOf("/")));' +
      'return(files[file]??=loadBeside(file+".js",numbers[file]))[name]}' +
      'function load(name){if(!name.startsWith("./"))return require(name);let parts=loaded.get(name);' +
      'if(parts===undefined){parts=made(name)(load,importLater);loaded.set(name,parts)}return parts}' +
      `async function importLater(name){return load(name)}module.exports=load("./${first.name}.js");`,
  );
}

/** Which parts are in which file of {@link PROGRAM}. */
function filesOf({ outputs }) {
  const outputOf = new Map(Object.entries(outputs).map(([path, { entryPoint }]) => [entryPoint, path]));
  const placed = new Set();
  return PROGRAM.map(({ name, sources }, i) => {
    const parts = new Set();
    const add = (path) => {
      if (!(path in outputs) || placed.has(path)) return;
      placed.add(path);
      parts.add(basename(path));
      for (const one of outputs[path].imports) if (one.kind === 'import-statement') add(one.path);
    };
    for (const source of sources) {
      if (!outputOf.has(source))
        throw new Error(`${source} is no start of a part: nothing imports it when it is needed`);
      add(outputOf.get(source));
    }
    if (i === PROGRAM.length - 1) Object.keys(outputs).forEach(add);
    return { name, parts };
  });
}

/** An import or export of a part, as esbuild writes it without blanks. */
const IMPORT = /(?<=^|[;}\n])import(?: ([\w$]+)(?:,| (?=from)))?(?:\*as ([\w$]+) |\{([^}]*)\})?(?:from)?"([^"]+)";/g;
const EXPORT = /export\{([^}]*)\};\s*$/;

/** A part as the body of a function of `require` and `importLater`, which returns what the part exports. */
function linked(text, imports, name, nameOf) {
  /** As they stand in the part, and as they are called in the program. */
  const paths = (kind) =>
    new Map(
      imports
        .filter((one) => one.kind === kind)
        .map(({ path, external }) => (external ? [path, path] : [`./${basename(path)}`, nameOf(path)])),
    );
  const wanted = paths('import-statement');
  const found = new Set();
  const heads = [];
  let code = text.replace(IMPORT, (whole, standard, all, names, path) => {
    if (!wanted.has(path)) return whole;
    found.add(path);
    const given = `require("${wanted.get(path)}")`;
    if (standard !== undefined) heads.push(`const ${standard}=${given};`);
    if (all !== undefined) heads.push(`const ${all}=${given};`);
    if (names !== undefined) heads.push(`const{${names.replace(/ as /g, ':')}}=${given};`);
    if (standard === undefined && all === undefined && names === undefined) heads.push(`${given};`);
    return '';
  });
  for (const [path, called] of paths('dynamic-import')) {
    const start = `import("${path}")`;
    if (code.includes(start)) found.add(path);
    code = code.replaceAll(start, `importLater("${called}")`);
  }
  const missing = [...wanted.keys(), ...paths('dynamic-import').keys()].filter((path) => !found.has(path));
  if (missing.length > 0 || /\b__esm\(/.test(code)) throw new Error(`cannot link ${name}: ${missing}`);
  const given = code.replace(EXPORT, (_, names) => `return{${names.replace(/([\w$]+) as ([\w$]+)/g, '$2:$1')}};`);
  const body = heads.join('') + given;
  // What is left of either is no statement of a function
  new Script(`(function(){${body}})`, { filename: name });
  return body;
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
const EXPENSIVE = /^node:(child_process|crypto|fs\/promises|https?|stream\/(?:consumers|promises)|tls|v8|zlib)$/;

/**
 * Modules of node that are loaded when one of their functions is called. Classes cannot be imported from them so. Who requires one
 * is given exports of CommonJS: those of a module would be set when it is first required, which is later than they are handed out.
 */
const nodeModulesWhenUsed = {
  name: 'modules of node when they are used',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: EXPENSIVE }, ({ path, namespace, kind }) => {
      // Who imports it when it is needed means it to be loaded
      if (namespace.startsWith('when-') || kind === 'dynamic-import') return { path, external: true };
      return { path, namespace: kind === 'require-call' ? 'when-required' : 'when-imported' };
    });
    for (const [namespace, exported] of [
      ['when-imported', (name) => `export const ${name}`],
      ['when-required', (name) => `exports.${name}`],
    ]) {
      onLoad({ filter: EXPENSIVE, namespace }, async ({ path }) => {
        const functions = Object.entries(await import(path)).filter(([, value]) => typeof value === 'function');
        const names = functions.map(([name]) => name).filter((name) => /^[a-z]/.test(name) && name !== 'default');
        return {
          contents: names
            .map((name) => `${exported(name)}=(...words)=>require(${JSON.stringify(path)}).${name}(...words);`)
            .join(''),
        };
      });
    }
  },
};
