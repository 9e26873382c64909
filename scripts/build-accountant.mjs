// Compiles src/processes/accountant/accountant.c for each architecture and writes binaries.ts beside it. To be run by
// hand when the C file changes (apt-get install gcc gcc-aarch64-linux-gnu); the result is kept in the repository, because
// nobody who builds or installs this package should need compilers for it.
//
//     node scripts/build-accountant.mjs [--check]    --check compares the source's hash, compiles what it can and
//                                                    compares that too; writes nothing, exits 1 where something differs
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../src/processes/accountant');
const source = join(folder, 'accountant.c');
const target = join(folder, 'binaries.ts');

/** The names are node's (process.arch). Pages of arm64 are of up to 64 KiB. */
const ARCHITECTURES = [
  { name: 'x64', compilers: ['x86_64-linux-gnu-gcc', 'gcc'], machine: 'x86_64', page: 4096 },
  { name: 'arm64', compilers: ['aarch64-linux-gnu-gcc', 'gcc'], machine: 'aarch64', page: 65_536 },
];

const FLAGS = [
  ...['-Os', '-Wall', '-Wextra', '-Werror', '-static', '-no-pie', '-fno-pie', '-nostdlib', '-ffreestanding', '-s'],
  ...[
    '-fno-stack-protector',
    '-fno-asynchronous-unwind-tables',
    '-fno-unwind-tables',
    '-fomit-frame-pointer',
    '-fno-ident',
  ],
  '-Wl,--build-id=none,-z,noseparate-code,-z,norelro,-z,noexecstack',
];

function compilerFor({ compilers, machine }) {
  return compilers.find((name) => {
    try {
      return execFileSync(name, ['-dumpmachine'], { stdio: ['ignore', 'pipe', 'ignore'] })
        .toString()
        .startsWith(machine);
    } catch {
      return false;
    }
  });
}

function compile({ page }, compiler) {
  const work = mkdtempSync(join(tmpdir(), 'accountant-'));
  try {
    const file = join(work, 'accountant');
    execFileSync(compiler, [...FLAGS, `-Wl,-z,max-page-size=${page}`, '-o', file, source], { stdio: 'inherit' });
    return readFileSync(file).toString('base64');
  } finally {
    rmSync(work, { recursive: true });
  }
}

const check = process.argv.includes('--check');
const hash = createHash('sha256').update(readFileSync(source)).digest('hex');
if (check) {
  const same = readFileSync(target, 'utf8').includes(`sha256 ${hash}`);
  console.log(`source: ${same ? 'the same' : 'DIFFERENT: run this without --check'}`);
  if (!same) process.exitCode = 1;
}
const entries = [];
for (const architecture of ARCHITECTURES) {
  const { name } = architecture;
  const compiler = compilerFor(architecture);
  if (compiler === undefined && !check)
    throw new Error(`no compiler for ${name}: ${architecture.compilers.join(', ')}`);
  if (compiler === undefined) continue;
  const version = execFileSync(compiler, ['-dumpfullversion']).toString().trim();
  const bytes = compile(architecture, compiler);
  if (check) {
    const kept = readFileSync(target, 'utf8').replace(/'\s*\+\s*'/g, '');
    const made = new RegExp(`${name}, gcc ([\\d.]+)`).exec(kept)?.[1];
    const same = kept.includes(bytes);
    console.log(
      `${name}: ${same ? 'the same' : made === version ? 'DIFFERENT' : `made by gcc ${made}, here is ${version}`}`,
    );
    if (!same && made === version) process.exitCode = 1;
    continue;
  }
  const lines = bytes.match(/.{1,108}/g).map((line) => `    '${line}'`);
  entries.push(
    `  // ${name}, gcc ${version}: ${Buffer.from(bytes, 'base64').length} bytes\n  [\n    '${name}',\n${lines.join(' +\n  ')},\n  ],\n`,
  );
}
if (!check) {
  writeFileSync(
    target,
    `/**
 * accountant.c, compiled: base64, by the name of the architecture. Written by scripts/build-accountant.mjs.
 * Of accountant.c with sha256 ${hash}.
 */
export const ACCOUNTANTS: ReadonlyMap<string, string> = new Map([\n${entries.join('')}]);\n`,
  );
}
