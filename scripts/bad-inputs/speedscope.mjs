// speedscope's command opens whatever it is given in a browser and ends with 0. So what it wants to be opened is opened, and what
// the page then shows is its answer: a profile, a dialog, or that something went wrong.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';
import { MOST_SECONDS, run } from './tools.mjs';

const TIMEOUT = { timeout: MOST_SECONDS * 1000 };
const HUNG = { status: null, said: '', made: undefined };

/**
 * @param {string} program its `cli.mjs`
 * @param {string} executablePath of chromium
 */
export async function speedscope(program, executablePath) {
  const launch = () => chromium.launch({ executablePath, args: ['--no-sandbox'] });
  let browser = await launch();
  return {
    close: () => browser.close(),
    async read(input, folder) {
      const url = await urlOf(program, input, folder);
      if (typeof url !== 'string') return url;
      if (!browser.isConnected()) browser = await launch();
      const page = await browser.newPage();
      try {
        return await shown(page, url);
      } finally {
        // A page in an endless loop does not close
        const closed = await Promise.race([page.close().then(() => true), pause(5000)]).catch(() => false);
        if (closed !== true) await browser.close().catch(() => {});
      }
    },
  };
}

/** What the command would have the browser open, or what came of it instead. Its script is in `folder`. */
async function urlOf(program, input, folder) {
  // Nothing is opened for a person to look at
  const nobody = join(folder, 'bin');
  mkdirSync(nobody, { recursive: true });
  writeFileSync(join(nobody, 'xdg-open'), '#!/bin/sh\n');
  chmodSync(join(nobody, 'xdg-open'), 0o755);
  const env = { ...process.env, TMPDIR: folder, PATH: `${nobody}${delimiter}${process.env.PATH}` };
  const { status, stdout, said } = run([process.execPath, program, input], { env });
  return /Opening (\S+) in/.exec(`${stdout}`)?.[1] ?? { status, said, made: undefined };
}

async function shown(page, url) {
  const dialogs = [];
  const told = new Promise((done) => {
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      dialog.dismiss().catch(() => {});
      done('told');
    });
  });
  const crashed = new Promise((done) => page.on('crash', () => done('crashed')));
  const seen = (text, what) =>
    page
      .getByText(text)
      .waitFor(TIMEOUT)
      .then(
        () => what,
        () => 'hangs',
      );
  const opened = page.goto(url, TIMEOUT).then(
    () => new Promise(() => {}),
    () => 'hangs',
  );
  const what = await Promise.race([
    seen('Left Heavy', 'drawn'),
    seen('Something went wrong', 'lost'),
    told,
    crashed,
    opened,
  ]);
  if (what === 'hangs') return HUNG;
  const said = what === 'crashed' ? 'at chromium:1' : dialogs.join('\n');
  if (what !== 'drawn') return { status: 1, said, made: undefined };
  return { status: 0, said, made: Buffer.from('<svg/>') };
}

function pause(ms) {
  return new Promise((done) => setTimeout(() => done(false), ms));
}
