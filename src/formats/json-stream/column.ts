const BATCH = 4096;

/** A JSON array in pieces: a column of millions of rows never becomes one string. */
export function* jsonColumn<Row>(length: number, at: (i: number) => Row): Iterable<string> {
  yield '[';
  for (let start = 0; start < length; start += BATCH) {
    const batch: Row[] = [];
    for (let i = start; i < Math.min(length, start + BATCH); i++) batch.push(at(i));
    yield (start > 0 ? ',' : '') + JSON.stringify(batch).slice(1, -1);
  }
  yield ']';
}

/** Several columns as the members of one JSON object, with their common `length`, as the Firefox profiler has it. */
export function* jsonTable(
  length: number,
  columns: Readonly<Record<string, (i: number) => unknown>>,
): Iterable<string> {
  yield `{"length":${length}`;
  for (const [name, at] of Object.entries(columns)) {
    yield `,\n${JSON.stringify(name)}:`;
    yield* jsonColumn(length, at);
  }
  yield '}';
}
