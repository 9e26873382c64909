import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type BuildOptions, buildSync } from 'esbuild';

const root = resolve(import.meta.dirname, '../..');
const spin = (rounds: string): string => `let s = 0; for (let i = 0; i < ${rounds}; i++) s += (i ^ n) % 7; return s;`;

/** A real program in two files of TypeScript, with functions of every kind. Each works for some ten milliseconds. */
const APP = `import { spinning } from './lib/wörk %41 #1.ts';
interface Options { readonly rounds: number }
function declared(options: Options): number { let total = 0; for (let n = 0; n < options.rounds; n++) total += spinning(n); return total; }
const arrow = (n: number): number => { ${spin('5e6')} };
const expression = function named(n: number): number { ${spin('5e6')} };
let later: ((n: number) => number) | undefined;
later ??= (n) => { ${spin('5e6')} };
class Machine {
  cells: number[] = [];
  constructor(n: number) { for (let i = 0; i < 2e6; i++) this.cells[i % 100] = (i * n) % 11; }
  method(n: number): number { ${spin('5e6')} }
  get value(): number { const n = 3; ${spin('5e6')} }
  private readonly field = (n: number): number => { ${spin('5e6')} };
  run(n: number): number { return this.method(n) + this.value + this.field(n); }
}
let total = declared({ rounds: 8 });
for (let n = 1; n < 9; n++) {
  total += new Machine(n).run(n) + arrow(n) + expression(n) + later(n);
  total += [1].map((n) => { ${spin('5e6')} })[0]!;
}
console.log(total);
`;
const WORK = `export function spinning(n: number): number {\n  ${spin('5e6')}\n}\n`;

/** Where each function starts, as V8 has it: the line of its parameters. */
export const FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ['declared', 'app.ts:3'],
  ['spinning', 'lib/wörk %41 #1.ts:1'],
  ['arrow', 'app.ts:4'],
  ['later', 'app.ts:7'],
  ['Machine', 'app.ts:10'],
  ['method', 'app.ts:11'],
  ['get value', 'app.ts:12'],
  ['field', 'app.ts:13'],
]);

/** Writes the program into a folder. */
export function writeProgram(folder: string): void {
  mkdirSync(join(folder, 'lib'), { recursive: true });
  writeFileSync(join(folder, 'app.ts'), APP);
  writeFileSync(join(folder, 'lib/wörk %41 #1.ts'), WORK);
}

/** The program as one minified file. @returns its path */
export function bundled(folder: string, name: string, options: BuildOptions = {}): string {
  const outfile = join(folder, name);
  const entryPoints = [join(folder, 'app.ts')];
  const given = { bundle: true, minify: true, sourcemap: true, format: 'esm', platform: 'node' } as const;
  buildSync({ entryPoints, outfile, logLevel: 'silent', ...given, ...options });
  return outfile;
}

/** The program compiled by TypeScript, a file each, below `name`. @returns the path of its first */
export function compiled(folder: string, name: string): string {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const flags = ['--target', 'es2022', '--module', 'commonjs', '--sourceMap', '--strict'];
  const more = ['--rewriteRelativeImportExtensions', '--lib', 'es2022,dom', '--rootDir', folder];
  execFileSync(process.execPath, [tsc, ...flags, ...more, '--outDir', name, 'app.ts'], { cwd: folder });
  return join(folder, name, 'app.js');
}

/** Runs a script under V8's own profiler. @returns the path of its `.cpuprofile` */
export function profiled(script: string): string {
  const folder = `${script}.prof`;
  execFileSync(process.execPath, ['--cpu-prof', '--cpu-prof-dir', folder, script]);
  return join(folder, readdirSync(folder)[0]!);
}
