#!/usr/bin/env node
// node scripts/start-up.mjs [ROUNDS]: what a newcomer downloads and waits for, after `npm run build`: the size of the package,
// and how long --version, --help and the first own statement of a command take beside `node -e 0`, in turns. Exit code 1 where
// --version takes more than its budget. In a job of GitHub the figures are also in its summary.
import { execFileSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { startUp } from './bench/start-up.mjs';

const BUDGET = 1.3;
const MIB = 2 ** 20;

// With it node 20 reads all certificates at each start, which takes longer than all else that it does then.
delete process.env.NODE_EXTRA_CA_CERTS;

const [{ size, unpackedSize, entryCount }] = JSON.parse(
  execFileSync('npm', ['pack', '--dry-run', '--ignore-scripts', '--json'], { encoding: 'utf8' }),
);
const packed = `${(size / MIB).toFixed(2)} MiB to download, ${(unpackedSize / MIB).toFixed(2)} MiB installed, ${entryCount} files`;
console.log(`package: ${packed}`);
const figures = startUp(Number(process.argv[2] ?? 30));

if (process.env.GITHUB_STEP_SUMMARY) {
  const rows = figures.map(
    ({ name, median, ofMinima }) => `| ${name} | ${median.toFixed(1)} ms | ${ofMinima.toFixed(2)} |`,
  );
  appendFileSync(
    process.env.GITHUB_STEP_SUMMARY,
    `### Package and start-up\n\n${packed}\n\n| start-up | median | of node |\n| --- | ---: | ---: |\n${rows.join('\n')}\n`,
  );
}

// Minima, as what else runs on the machine only ever adds
const { ofMinima } = figures.find(({ name }) => name === '--version');
if (ofMinima > BUDGET) {
  console.error(`--version takes ${ofMinima.toFixed(2)} of node -e 0: the budget is ${BUDGET}`);
  process.exitCode = 1;
}
