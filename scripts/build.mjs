// Bundles the sources into dist/: one chunk a command (start-up), the preloads apart, declarations for the library.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

rmSync('dist', { recursive: true, force: true });

const shared = { bundle: true, platform: 'node', target: 'node20', logLevel: 'warning', legalComments: 'none' };

await build({
  ...shared,
  entryPoints: ['src/cli.ts', 'src/index.ts'].filter((file) => existsSync(file)),
  outdir: 'dist',
  format: 'esm',
  splitting: true,
  chunkNames: '[name]-[hash]',
  minifySyntax: true,
  minifyWhitespace: true,
  // commander and execa are CommonJS inside: they ask for node's own modules with require().
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
});

// CommonJS: `--require` runs before the program's first line, in main threads and workers, on every node.
const preloads = (existsSync('src/preload') ? readdirSync('src/preload') : []).filter((name) =>
  name.endsWith('.entry.ts'),
);
await build({
  ...shared,
  entryPoints: preloads.map((name) => ({ in: `src/preload/${name}`, out: name.replace('.entry.ts', '') })),
  outdir: 'dist/preload',
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
});

execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
