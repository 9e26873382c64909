import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UserError } from '../../errors.ts';
import { packageRoot } from '../../package-root.ts';

/** The part of esbuild that is used here; it is the person's own, as a compiler of machine code cannot be bundled. */
interface Esbuild {
  build(options: object): Promise<{ readonly metafile?: { readonly inputs: Record<string, unknown> } }>;
}

interface Resolved {
  readonly path: string;
  readonly external?: boolean;
  readonly errors: readonly unknown[];
}

interface PluginBuild {
  onResolve(
    options: { readonly filter: RegExp },
    resolver: (asked: {
      readonly path: string;
      readonly kind: string;
      readonly resolveDir: string;
      readonly pluginData: unknown;
    }) => Promise<object | undefined>,
  ): void;
  onLoad(options: { readonly filter: RegExp }, loader: (asked: { readonly path: string }) => object | undefined): void;
  resolve(path: string, options: object): Promise<Resolved>;
}

const OURS = 'pforge-prof/bench';
const TYPESCRIPT = /\.[cm]?tsx?$/;

/**
 * Makes a file with benchmarks one that node can run. JavaScript is run as it is, where it finds this package; else it is
 * bundled with the files that it imports by relative names, with source maps. Packages are never bundled.
 * @param place where a bundle is put, a number that is different for each file there, and the folder whose files these are
 * @returns what to import: a URL
 * @throws {UserError} TypeScript without esbuild, or a mistake in the file
 */
export async function runnable(
  file: string,
  { folder, number, cwd }: { readonly folder: string; readonly number: number; readonly cwd: string },
): Promise<string> {
  if (!TYPESCRIPT.test(file) && findsApi(file)) return pathToFileURL(file).href;
  const esbuild = findEsbuild(file);
  if (esbuild === undefined) {
    if (!TYPESCRIPT.test(file) || runsTypeScript(file)) return pathToFileURL(file).href;
    throw new UserError(`${file}: TypeScript needs esbuild here`, {
      hint: 'npm install --save-dev esbuild, or run node 22.18 or later',
    });
  }
  const outfile = join(folder, `${number}-${basename(file).replace(/\.[^.]+$/, '')}.mjs`);
  try {
    await esbuild.build({
      entryPoints: [file],
      absWorkingDir: cwd,
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      sourcemap: 'linked',
      sourcesContent: false,
      // Packages that are not bundled may be required, which an ES module cannot by itself
      banner: {
        js: "import{createRequire as __pforge_prof_require}from'node:module';const require=__pforge_prof_require(import.meta.url);",
      },
      logLevel: 'silent',
      define: { 'import.meta.url': URL_NAME, 'import.meta.dirname': DIR_NAME, 'import.meta.filename': FILE_NAME },
      plugins: [{ name: 'packages stay where they are', setup: linkPackages }],
    });
  } catch (error) {
    throw mistake(file, error);
  }
  return pathToFileURL(outfile).href;
}

const URL_NAME = '__pforge_prof_url';
const DIR_NAME = '__pforge_prof_dirname';
const FILE_NAME = '__pforge_prof_filename';

/** Packages are imported from where they are; files know where they were written, not where they were put. */
function linkPackages(build: PluginBuild): void {
  build.onResolve({ filter: /^[^./]/ }, async ({ path, kind, resolveDir, pluginData }) => {
    if (pluginData === OURS || kind === 'entry-point' || path.startsWith('node:')) return undefined;
    const required = kind.startsWith('require');
    if (path === OURS) return { path: apiOf(required), external: true };
    const found = await build.resolve(path, { kind, resolveDir, pluginData: OURS });
    if (found.errors.length > 0 || found.external) return undefined;
    return found.path.includes('/node_modules/')
      ? { path: required ? found.path : pathToFileURL(found.path).href, external: true }
      : { path: found.path };
  });
  build.onLoad({ filter: /\.[cm]?[jt]sx?$/ }, ({ path }) => {
    const text = readFileSync(path, 'utf8');
    if (!/import\.meta|__dirname|__filename/.test(text)) return undefined;
    const word = JSON.stringify;
    const names: readonly (readonly [string, string])[] = [
      [URL_NAME, pathToFileURL(path).href],
      [DIR_NAME, dirname(path)],
      [FILE_NAME, path],
      ['__dirname', dirname(path)],
      ['__filename', path],
    ];
    // On the first line, so that all lines keep their numbers
    const known = names.filter(
      ([name]) => name.startsWith('__pforge') || !new RegExp(`\\b(const|let|var) ${name}\\b`).test(text),
    );
    const head = known.map(([name, value]) => `const ${name}=${word(value)};`).join('');
    const loader = /\.[cm]?ts$/.test(path) ? 'ts' : path.endsWith('x') ? path.slice(-3) : 'js';
    return { contents: text.startsWith('#!') ? text.replace('\n', `\n${head}`) : head + text, loader };
  });
}

/** The API that comes with this tool. */
function apiOf(required: boolean): string {
  const folder = join(packageRoot(), 'dist');
  return required ? join(folder, 'bench.cjs') : pathToFileURL(join(folder, 'bench.js')).href;
}

function findsApi(file: string): boolean {
  try {
    createRequire(file).resolve(OURS);
    return true;
  } catch {
    return !readFileSync(file, 'utf8').includes(OURS);
  }
}

function findEsbuild(file: string): Esbuild | undefined {
  for (const place of [file, join(packageRoot(), 'package.json')]) {
    try {
      return createRequire(place)('esbuild') as Esbuild;
    } catch {
      // Not there: the next place
    }
  }
  return undefined;
}

function runsTypeScript(file: string): boolean {
  const { typescript } = process.features as { readonly typescript?: unknown };
  return Boolean(typescript) && findsApi(file);
}

interface BuildFailure {
  readonly errors?: readonly {
    readonly text: string;
    readonly location: { readonly file: string; readonly line: number; readonly column: number } | null;
  }[];
}

function mistake(file: string, error: unknown): unknown {
  const [first] = (error as BuildFailure).errors ?? [];
  if (first === undefined) return error;
  const { location } = first;
  const place = location === null ? file : `${location.file}:${location.line}:${location.column + 1}`;
  return new UserError(`${place}: ${first.text}`, { cause: error });
}
