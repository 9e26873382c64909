import { ALL, HOLLOW, members, type Shape } from '../json-stream/shape.ts';

const columns = (...names: string[]): Shape =>
  members(Object.fromEntries(['schema', 'data', ...names].map((name) => [name, ALL])));

/** The tables of a thread, or since version 60 of `shared`, with the columns that are read. */
const tables: Readonly<Record<string, Shape>> = {
  stringArray: ALL,
  stringTable: ALL,
  frameTable: columns('func', 'lib', 'category', 'inlineDepth', 'location'),
  stackTable: columns('prefix', 'prefixOffset', 'frame'),
  funcTable: columns('name', 'source', 'fileName', 'resource', 'isJS', 'lineNumber', 'columnNumber'),
  resourceTable: columns('name', 'lib'),
  sources: columns('filename'),
};

const weights: Readonly<Record<string, Shape>> = Object.fromEntries(
  ['schema', 'data', 'stack', 'weight', 'weightType', 'time', 'timeDeltas'].map((name) => [name, ALL]),
);

const thread = members({
  ...tables,
  libs: ALL,
  samples: members({ ...weights, threadCPUDelta: HOLLOW }),
  markers: members({ data: HOLLOW }),
  jsAllocations: HOLLOW,
  nativeAllocations: members(weights),
  pforgeProf: ALL,
  name: ALL,
  processName: ALL,
  processType: ALL,
  pid: ALL,
  tid: ALL,
});

/** What is read of a Firefox profile: not the markers, of which a file may hold more than samples. */
function processShape(): Shape {
  const fields = new Map<string, Shape>(
    members({
      meta: ALL,
      libs: ALL,
      shared: members(tables),
      threads: { items: thread },
      counters: HOLLOW,
    }).fields,
  );
  const shape: Shape = { fields };
  // As Firefox writes it, processes stand in their parent; the old developer tools put the profile into `profile`
  fields.set('processes', { items: shape });
  fields.set('profile', shape);
  return shape;
}

export const geckoShape: Shape = processShape();
