/** What a history asks of SQLite, whichever runs it. Everything throws an Error in SQLite's words. */
export interface Database {
  exec(sql: string): void;
  run(sql: string, values: readonly string[]): void;
  all(sql: string): Record<string, unknown>[];
  close(): void;
}

/** What runs SQLite. */
export interface SqliteEngine {
  /**
   * It locks files as the operating system does. The other way is a folder beside the file, which outlives a reader who is
   * killed, and which cannot be made where one may only read.
   */
  readonly locksFiles: boolean;
  open(path: string, options: { readonly readOnly: boolean }): Database;
}

/** Node's own SQLite where it has one (22.13 and newer), else SQLite as WebAssembly. */
export async function sqliteEngine(): Promise<SqliteEngine> {
  return nodeEngine() ?? (await wasmEngine());
}

/** The part of `node:sqlite` that we use; the types of node 20 do not have it. */
interface NodeSqlite {
  readonly DatabaseSync: new (
    path: string,
    options: { readOnly: boolean },
  ) => {
    exec(sql: string): void;
    prepare(sql: string): { run(...values: string[]): unknown; all(): Record<string, unknown>[] };
    close(): void;
  };
}

/** @returns undefined where this node has none */
function nodeEngine(): SqliteEngine | undefined {
  const { emitWarning, getBuiltinModule } = process;
  // It calls itself experimental on standard error, which is nothing that a person who keeps results can act on
  process.emitWarning = () => {};
  let sqlite: NodeSqlite | undefined;
  try {
    sqlite = getBuiltinModule?.('node:sqlite') as NodeSqlite | undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
  if (sqlite === undefined) return undefined;
  const { DatabaseSync } = sqlite;
  return {
    locksFiles: true,
    open(path, options) {
      const database = new DatabaseSync(path, options);
      return {
        exec: (sql) => database.exec(sql),
        run: (sql, values) => void database.prepare(sql).run(...values),
        all: (sql) => database.prepare(sql).all(),
        close: () => database.close(),
      };
    },
  };
}

async function wasmEngine(): Promise<SqliteEngine> {
  const loaded = await import('node-sqlite3-wasm');
  // CommonJS, whose names node does not find and bundlers do
  const { Database } = loaded.default ?? loaded;
  return {
    locksFiles: false,
    open(path, { readOnly }) {
      const database = new Database(path, { readOnly, fileMustExist: readOnly });
      return {
        exec: (sql) => database.exec(sql),
        run: (sql, values) => void database.run(sql, [...values]),
        all: (sql) => database.all(sql) as Record<string, unknown>[],
        close: () => database.close(),
      };
    },
  };
}
