// The manual page, made from what `--help` says of each command and from the table of docs/exit-codes.md.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { build } from 'esbuild';

/**
 * @param {string} file that is written
 * @param {import('esbuild').BuildOptions} options of all bundles
 */
export async function writeManPage(file, options) {
  const bundle = resolve(`${file}.cjs`);
  await build({
    ...options,
    stdin: {
      contents: `export { describeCommands } from './src/commands/parser.ts';
        export { manPage } from './src/render/completion/man-page.ts';`,
      resolveDir: '.',
    },
    outfile: bundle,
    format: 'cjs',
    define: { 'import.meta.url': 'fileUrlOfBundle' },
    banner: { js: 'const fileUrlOfBundle=require("node:url").pathToFileURL(__filename).href;' },
  });
  try {
    const { describeCommands, manPage } = createRequire(import.meta.url)(bundle);
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    writeFileSync(file, manPage(await describeCommands(), { version, exitCodes: exitCodes() }));
  } finally {
    rmSync(bundle);
  }
}

function exitCodes() {
  return readFileSync('docs/exit-codes.md', 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, code, meaning] = /^\| (\d+|other) \| (.+) \|$/.exec(line) ?? [];
      return code === undefined ? [] : [[code, meaning.replaceAll('`', '')]];
    });
}
