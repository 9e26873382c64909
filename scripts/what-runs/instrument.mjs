// Makes a source tell what of it runs. Needed because most of our tests start the built command line, in processes that are
// killed as well: counters of V8 are written at a regular exit alone, and know bundles, not sources.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { parseAst } from 'vitest/node';

/** Bytes of a record: the number of the source, and that of the place in it. */
export const RECORD = 8;

const ROOT = resolve(import.meta.dirname, '../..');

/**
 * What runs in browsers, in WebAssembly, or only declares; and what runs inside of programs that are watched, which must not
 * have a file of ours open.
 */
const ELSEWHERE = /\.d\.ts$|\/(?:browser|app|assembly|preload)\//;

/** Statements that do nothing by themselves. */
const DECLARES = /^(?:TS|Import|ExportAll|FunctionDeclaration|ClassDeclaration|EmptyStatement)/;

const LISTS = { Program: 'body', BlockStatement: 'body', StaticBlock: 'body', SwitchCase: 'consequent' };
const BRANCHES = ['consequent', 'alternate', 'body'];
const BRANCHING = /^(?:If|For|ForIn|ForOf|While|DoWhile)Statement$/;

/**
 * @param {string} path of a source
 * @returns {boolean} whether it is one whose lines count
 */
export function isCounted(path) {
  return path.startsWith(`${ROOT}/src/`) && path.endsWith('.ts') && !ELSEWHERE.test(path);
}

/**
 * @param {string} path
 * @param {string} folder where processes leave what they ran: one file each, of records
 * @returns {{ code: string, number: number, lines: number[], sites: Map<number, number> }} `lines`: that of each place;
 *   `sites`: places that make a `UserError`, and their lines
 */
export function instrument(path, folder) {
  const source = readFileSync(path, 'utf8');
  const number = createHash('sha256')
    .update(`${relative(ROOT, path)}\n${source}`)
    .digest()
    .readUInt32LE(0);
  const starts = [0];
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) starts.push(at + 1);
  const lineOf = (offset) => starts.findLastIndex((start) => start <= offset) + 1;
  const lines = [];
  const sites = new Map();
  const inserted = [];
  const place = (offset) => lines.push(lineOf(offset)) - 1;
  const around = (node, before, after) => inserted.push([node.start, before], [node.end, after]);

  const open = [parseAst(source, { lang: 'ts' })];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const statement of node[LISTS[node.type]] ?? []) {
      const inner = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
      if (inner && !inner.declare && !DECLARES.test(inner.type))
        inserted.push([statement.start, `__ran(${place(statement.start)});`]);
    }
    if (BRANCHING.test(node.type))
      for (const branch of BRANCHES.map((name) => node[name]))
        if (branch && branch.type !== 'BlockStatement') around(branch, `{__ran(${place(branch.start)});`, '}');
    if (node.type === 'ArrowFunctionExpression' && node.body.type !== 'BlockStatement')
      around(node.body, `(__ran(${place(node.body.start)}),`, ')');
    if (node.type === 'NewExpression' && node.callee.name === 'UserError') {
      const number = place(node.start);
      sites.set(number, lines[number]);
      around(node.callee, `(__ran(${number}),`, ')');
    }
    for (const value of Object.values(node).reverse())
      for (const child of Array.isArray(value) ? value.toReversed() : [value])
        if (typeof child?.type === 'string') open.push(child);
  }

  // What is at one place keeps the order in which it was found: from outside to inside
  inserted.sort(([a], [b]) => a - b);
  let code = runtime(number, lines.length, folder);
  let at = 0;
  for (const [offset, text] of inserted) {
    code += source.slice(at, offset) + text;
    at = offset;
  }
  return { code: code + source.slice(at), number, lines, sites };
}

/**
 * Each place is written when it is first run, since what comes next may be SIGKILL. Written at a position: that is another system
 * call than those whose failures tests count, and with O_APPEND it goes to the end all the same.
 */
function runtime(number, places, folder) {
  return (
    `function __ran(i){const s=__ran.s??=new Uint8Array(${places});if(s[i]===1)return;s[i]=1;try{` +
    `const f=process.getBuiltinModule("fs");globalThis.__ranFile??=f.openSync(${JSON.stringify(folder)}+"/"+process.pid,"a");` +
    `f.writeSync(globalThis.__ranFile,new Uint8Array(Uint32Array.of(${number},i).buffer),0,${RECORD},0)}catch{}}`
  );
}

/**
 * For esbuild.
 * @param {string} folder
 */
export function instrumented(folder) {
  return {
    name: 'instrumented',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) =>
        isCounted(path) ? { contents: instrument(path, folder).code, loader: 'ts' } : undefined,
      );
    },
  };
}
