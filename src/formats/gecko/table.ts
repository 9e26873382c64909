import { FormatError, type Input } from '../format.ts';
import { jsonArray, jsonNumber, jsonObject, jsonString, wrongType } from '../json-stream/input.ts';
import { isList, type JsonList } from '../json-stream/list.ts';

/** A table of a Firefox profile, whichever of its two shapes it has in the file. */
export interface GeckoTable {
  readonly length: number;
  /** A cell as the file has it; undefined where the column or the end of a short row is missing. */
  cell(column: string, row: number): unknown;
  /** Where a cell stands, as a JSON path. */
  at(column: string, row: number): string;
}

/**
 * Columns (`{length, stack: [...], time: [...]}`, processed profiles) or rows with a schema
 * (`{schema: {stack: 0, time: 1}, data: [[...]]}`, what Firefox itself writes).
 * @param key a column that every row has; it says how many rows there are
 * @throws {FormatError} neither
 */
export function geckoTable(input: Input, path: string, value: unknown, key: string): GeckoTable {
  const table = jsonObject(input, path, value);
  if (table.schema === undefined) {
    const length = jsonArray(input, `${path}.${key}`, table[key]).length;
    const columns = new Map(Object.entries(table));
    return {
      length,
      cell: (column, row) => listOf(columns.get(column))?.at(row),
      at: (column, row) => `${path}.${column}[${row}]`,
    };
  }
  const schema = new Map(Object.entries(jsonObject(input, `${path}.schema`, table.schema)));
  const rows = jsonArray(input, `${path}.data`, table.data);
  const index = (column: string): number | undefined => {
    const value = schema.get(column);
    if (value === undefined || isIndex(value)) return value;
    throw wrongType(input, `${path}.schema.${column}`, 'the number of a column', value);
  };
  return {
    length: rows.length,
    at: (column, row) =>
      schema.has(column) ? `${path}.data[${row}][${schema.get(column)}]` : `${path}.schema.${column}`,
    cell(column, row) {
      const place = index(column);
      return place === undefined ? undefined : jsonArray(input, () => `${path}.data[${row}]`, rows.at(row)).at(place);
    },
  };
}

function listOf(column: unknown): JsonList | undefined {
  return isList(column) ? column : undefined;
}

function isIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

/**
 * A cell that is the index of a row elsewhere; -1 where it is null, -1 or missing.
 * @param length how many rows there are
 * @throws {FormatError} no such row
 */
export function geckoIndex(input: Input, table: GeckoTable, column: string, row: number, length: number): number {
  const value = table.cell(column, row);
  if (value === undefined || value === null || value === -1) return -1;
  const index = jsonNumber(input, () => table.at(column, row), value);
  if (Number.isInteger(index) && index >= 0 && index < length) return index;
  throw new FormatError(input, table.at(column, row), `there is no row ${index}, only ${length}`);
}

/** A cell that is the index of a text; '' where it is null or missing. */
export function geckoText(input: Input, table: GeckoTable, column: string, row: number, strings: GeckoStrings): string {
  const index = geckoIndex(input, table, column, row, strings.length);
  return index < 0 ? '' : strings[index]!;
}

export type GeckoStrings = readonly string[];

export function geckoStrings(input: Input, path: string, value: unknown): GeckoStrings {
  const list = jsonArray(input, path, value);
  return Array.from({ length: list.length }, (_, i) => jsonString(input, () => `${path}[${i}]`, list.at(i)));
}

/** 1-based; 0 where the file says nothing, or what no line can be. */
export function geckoPosition(value: unknown): number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 2 ** 31 ? value : 0;
}
