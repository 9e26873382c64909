// memlab on a snapshot, as its own tools load one: node memlab.mjs NODE_MODULES SNAPSHOT [OUT]
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const [modules, snapshot, out] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const heap = await require(join(resolve(modules), '@memlab', 'heap-analysis')).getFullHeapFromFile(resolve(snapshot));
if (out) {
  const { length } = heap.nodes;
  const shallow = new Float64Array(length);
  const retained = new Float64Array(length);
  const dominator = new Float64Array(length);
  let i = 0;
  const ids = [];
  heap.nodes.forEach((node) => {
    ids.push(node.id);
    shallow[i] = node.self_size;
    retained[i] = node.retainedSize;
    dominator[i++] = node.dominatorNode?.id ?? -1;
  });
  const columns = { id: Float64Array.from(ids), shallow, retained, dominator };
  for (const [name, column] of Object.entries(columns)) writeFileSync(`${out}.${name}`, new Uint8Array(column.buffer));
  writeFileSync(`${out}.json`, JSON.stringify({ nodeCount: length, edgeCount: heap.edges.length }));
}
