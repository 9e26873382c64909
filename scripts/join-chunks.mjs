// Puts the code that commands share into one file: a file costs about a millisecond to find, read and compile.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SHARED = 'shared.cjs';
const REQUIRED = /require\("\.\/(chunk-\w+\.cjs)"\)/g;
/** A loader of modules, as node has one for files. */
const LOADER =
  '"use strict";const cache=new Map();module.exports=load;function load(name){let module=cache.get(name);' +
  'if(module===undefined){module={exports:{}};cache.set(name,module);modules[name](module.exports,module)}' +
  'return module.exports}const modules={';

/**
 * @param {string} folder with the chunks that esbuild made
 * @param {string} entry what starts: its own chunks stay files, so that it loads no more than these
 */
export function joinChunks(folder, entry) {
  const read = (name) => readFileSync(join(folder, name), 'utf8');
  const apart = new Set([entry]);
  for (const name of apart) for (const [, chunk] of read(name).matchAll(REQUIRED)) apart.add(chunk);
  const files = readdirSync(folder).filter((name) => name.endsWith('.cjs'));
  const joined = files.filter((name) => name.startsWith('chunk-') && !apart.has(name));
  const from = (load) => (whole, name) => (apart.has(name) ? whole : `${load}(${JSON.stringify(name)})`);
  const modules = joined.map((name) => {
    const source = read(name)
      .replace(/^"use strict";/, '')
      .replace(REQUIRED, from('load'));
    return `${JSON.stringify(name)}(exports,module){${source}}`;
  });
  for (const name of files.filter((name) => !joined.includes(name))) {
    writeFileSync(join(folder, name), read(name).replace(REQUIRED, from(`require("./${SHARED}")`)));
  }
  for (const name of joined) rmSync(join(folder, name));
  writeFileSync(join(folder, SHARED), `${LOADER}\n${modules.join(',\n')}};`);
}
