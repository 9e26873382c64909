import { FormatError, type Input } from '../format.ts';
import { type JsonObject, jsonArray, jsonObject } from './input.ts';
import type { JsonMachine } from './machine.ts';
import { members, type Shape } from './shape.ts';

/** Takes the nodes of a tree whose callees stand in their caller's `children`. */
export interface NestedNodes {
  /** A tree begins; if one was there already (a key that stands twice), it is void. */
  start(): void;
  /**
   * A node is complete, after its callees.
   * @param path where it stands
   * @param order nodes are numbered as they open: callers before callees
   * @param caller the caller's number; -1 for the root
   */
  node(value: JsonObject, path: () => string, order: number, caller: number): void;
}

/**
 * How a tree is read of which each node's callees stand in `children`: no node is kept, and depth costs no stack.
 * @param fields what else to read of a node
 * @throws {FormatError} a node that is no object, children that are no array
 */
export function nestedShape(
  input: Input,
  machine: JsonMachine,
  fields: Readonly<Record<string, Shape>>,
  nodes: NestedNodes,
): Shape {
  /** Numbers of the nodes that are open, and whether their children were seen. */
  const open: number[] = [];
  const seen: boolean[] = [];
  let count = 0;
  const shapes = new Map<string, Shape>(members(fields).fields);
  const node: Shape = {
    fields: shapes,
    opened() {
      if (open.length === 0) {
        count = 0;
        nodes.start();
      }
      open.push(count++);
      seen.push(false);
    },
    closed(value) {
      const order = open.pop()!;
      seen.pop();
      const path = () => machine.path();
      const object = jsonObject(input, path, value);
      if (object.children !== undefined) jsonArray(input, () => `${path()}.children`, object.children);
      nodes.node(object, path, order, open.at(-1) ?? -1);
      return object;
    },
  };
  shapes.set('children', {
    items: node,
    each: (value) => jsonObject(input, () => machine.path(), value),
    opened() {
      if (seen.at(-1)) throw new FormatError(input, machine.path(), 'these are not the first children of the node');
      seen[seen.length - 1] = true;
    },
  });
  return node;
}
