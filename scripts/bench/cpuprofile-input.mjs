// Makes large .cpuprofile files of a small recording, for bench-self.mjs.
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

const RECORDING = new URL('../../fixtures/cpuprofile/node.cpuprofile', import.meta.url);
/** Copies of the recording's functions that stand in different scripts: as many functions as a large program has. */
const SCRIPTS = 150;
/** How many copies each copy calls. */
const CALLED = 8;
const PIECE = 1 << 16;

/**
 * Writes a `.cpuprofile` as V8 does: copies of the recording's call tree, each with ids and scripts of its own and called
 * by a copy before it, so that no two nodes have the same stack; then samples in runs over the nodes. The same arguments
 * give the same bytes.
 * @param {string} path
 * @param {{ nodes: number, samples: number }} size how many of each
 */
export function makeCpuProfile(path, { nodes, samples }) {
  const base = JSON.parse(readFileSync(RECORDING, 'utf8')).nodes.slice(1);
  const place = new Map(base.map(({ id }, i) => [id, i]));
  const inner = new Set(base.flatMap(({ children = [] }) => children));
  const tops = base.filter(({ id }) => !inner.has(id)).map(({ id }) => place.get(id));
  /** The function that calls further copies. */
  const caller = base.findLast(({ callFrame, children }) => callFrame.url !== '' && !children);
  const exists = (id) => id <= nodes;
  /** Ids of the outermost functions of a copy; copy 0 is called by the root. */
  const topsOf = (copy) => tops.map((top) => 2 + copy * base.length + top).filter(exists);
  const hits = new Int32Array(nodes + 1);
  const counted = sampledNodes(nodes);
  for (let i = 0; i < samples; i++) hits[counted()]++;
  const file = openSync(path, 'w');
  try {
    const write = pieces(file);
    const callFrame = { functionName: '(root)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 };
    write(`{"nodes":[${JSON.stringify({ id: 1, callFrame, hitCount: 0, children: topsOf(0) })}`);
    for (let id = 2; exists(id); id++) {
      const copy = Math.floor((id - 2) / base.length);
      const node = base[(id - 2) % base.length];
      const children = (node.children ?? []).map((child) => 2 + copy * base.length + place.get(child)).filter(exists);
      if (node === caller) {
        for (let k = 1; k <= CALLED; k++) children.push(...topsOf(copy * CALLED + k));
      }
      write(`,${JSON.stringify(moved(node, id, hits[id], children, (Math.imul(copy, 0x9e3779b1) >>> 16) % SCRIPTS))}`);
    }
    const passed = deltas();
    let end = 1_000_000_000;
    for (let i = 0; i < samples; i++) end += passed();
    write(`],"startTime":1000000000,"endTime":${end + 130},"samples":[`);
    const next = sampledNodes(nodes);
    for (let i = 0; i < samples; i++) write(i > 0 ? `,${next()}` : `${next()}`);
    write('],"timeDeltas":[');
    const delta = deltas();
    for (let i = 0; i < samples; i++) write(`${i > 0 ? ',' : ''}${delta()}`);
    write(']}');
    write.end();
  } finally {
    closeSync(file);
  }
}

function moved({ callFrame, positionTicks }, id, hitCount, children, script) {
  const url = callFrame.url.replace(/([^/]+)$/, `part-${script}/$1`);
  return {
    id,
    callFrame: { ...callFrame, scriptId: String(Number(callFrame.scriptId) + script), url },
    hitCount,
    ...(children.length > 0 ? { children } : {}),
    ...(positionTicks ? { positionTicks } : {}),
  };
}

/** Writes few large pieces instead of many small ones. */
function pieces(file) {
  let held = [];
  let length = 0;
  const write = (text) => {
    held.push(text);
    length += text.length;
    if (length >= PIECE) write.end();
  };
  write.end = () => {
    writeSync(file, held.join(''));
    held = [];
    length = 0;
  };
  return write;
}

/** Gives the id of one sample's node after the other, in runs. */
function sampledNodes(nodes) {
  const random = lehmer(42);
  let id = 2;
  return () => {
    if (random() % 3 === 0) id = 2 + (random() % (nodes - 1));
    return id;
  };
}

/** Gives one time after the other. Now and then V8 notes a sample late. */
function deltas() {
  const random = lehmer(7);
  let i = 0;
  return () => (i++ % 5000 === 4999 ? -7 : 95 + (random() % 60));
}

/** Numbers that look like chance and are always the same. */
function lehmer(seed) {
  let state = seed;
  return () => {
    state = (state * 48271) % 0x7fffffff;
    return state;
  };
}
