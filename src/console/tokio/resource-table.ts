import type { Field, ResourceOperation, ResourceRow, SourcePlace } from '../snapshot.ts';
import { fieldsOf, type MetadataById, placeOf } from './fields.ts';
import type { NewOperation, NewResource, OperationStats, ResourceStats } from './resource-messages.ts';
import { busyOf, isCompleted, lifetimeOf, type Mutable } from './task.ts';
import type { Changes } from './update-message.ts';

interface Resource {
  readonly id: string;
  readonly parent: string | undefined;
  readonly kind: string;
  readonly type: string;
  readonly place: SourcePlace | undefined;
  /** Attributes that it has beside those that change. */
  readonly always: readonly Field[];
  stats: ResourceStats | undefined;
  attributes: readonly Field[];
}

interface Operation {
  readonly message: NewOperation;
  readonly always: readonly Field[];
  stats: OperationStats | undefined;
  attributes: readonly Field[];
}

const NONE: readonly never[] = [];
const INTERNAL: Field = { key: 'visibility', value: 'internal' };

/** The resources of a program and the operations on them, kept up to date by what changes. */
export class ResourceTable {
  private resources = new Map<string, Resource>();
  private operations = new Map<string, Operation>();

  /** @param isAll these are all that there are, not what changed */
  apply(
    resources: Changes<NewResource, ResourceStats>,
    operations: Changes<NewOperation, OperationStats>,
    metadata: MetadataById,
    isAll: boolean,
  ): void {
    if (isAll) {
      this.resources = new Map();
      this.operations = new Map();
    }
    for (const message of resources.created) this.resources.set(message.id, resourceOf(message, metadata));
    for (const message of operations.created) {
      this.operations.set(message.id, { message, always: NONE, stats: undefined, attributes: NONE });
    }
    takeStats(this.resources, resources.stats, metadata);
    takeStats(this.operations, operations.stats, metadata);
  }

  /** Leaves out what ended `retainFor` nanoseconds ago or earlier. */
  prune(now: number, retainFor: number): void {
    for (const table of [this.resources, this.operations]) {
      for (const [id, { stats }] of table) {
        if (stats !== undefined && isCompleted(stats) && now - stats.droppedAt >= retainFor) table.delete(id);
      }
    }
  }

  rows(now: number): ResourceRow[] {
    const operations = this.operationsByResource(now);
    const rows: ResourceRow[] = [];
    for (const resource of this.resources.values()) {
      const { id, parent, kind, type, place, stats, attributes } = resource;
      if (stats === undefined) continue;
      const closed = isCompleted(stats) ? 1 : 0;
      const row: Mutable<ResourceRow> = {
        id,
        kind,
        type,
        opened: 1,
        closed,
        live: 1 - closed,
        age: lifetimeOf(stats, now),
        isEstimate: false,
        attributes,
        operations: operations.get(id) ?? NONE,
      };
      if (parent !== undefined) row.parent = parent;
      if (place !== undefined) row.place = place;
      rows.push(row);
    }
    return rows;
  }

  private operationsByResource(now: number): Map<string, ResourceOperation[]> {
    const all = new Map<string, ResourceOperation[]>();
    for (const { message, stats, attributes } of this.operations.values()) {
      if (stats === undefined) continue;
      const row: Mutable<ResourceOperation> = {
        id: message.id,
        source: message.source,
        total: lifetimeOf(stats, now),
        busy: busyOf(stats, now),
        polls: stats.polls,
        attributes,
      };
      if (message.parent !== undefined) row.parent = message.parent;
      if (stats.task !== undefined) row.task = stats.task;
      const rows = all.get(message.resource);
      if (rows === undefined) all.set(message.resource, [row]);
      else rows.push(row);
    }
    return all;
  }
}

function takeStats<Stats extends ResourceStats>(
  table: ReadonlyMap<string, { stats: Stats | undefined; attributes: readonly Field[]; always: readonly Field[] }>,
  changed: ReadonlyMap<string, Stats>,
  metadata: MetadataById,
): void {
  for (const [id, stats] of changed) {
    const row = table.get(id);
    if (row === undefined) continue;
    row.stats = stats;
    row.attributes =
      stats.attributes.length === 0 ? row.always : [...fieldsOf(stats.attributes, metadata), ...row.always];
  }
}

function resourceOf(message: NewResource, metadata: MetadataById): Resource {
  const { id, parent, kind, concreteType, isInternal } = message;
  return {
    id,
    parent,
    kind: kind.toLowerCase(),
    type: typeName(metadata.get(message.metadata)?.target ?? '', concreteType),
    place: placeOf(message.location),
    always: isInternal ? [INTERNAL] : NONE,
    stats: undefined,
    attributes: NONE,
  };
}

/** `tokio::sync::mutex` and `Mutex`: `tokio::sync::Mutex`, as one writes it; others stay with their module. */
function typeName(target: string, type: string): string {
  const modules = target === '' ? [] : target.split('::');
  if (modules.at(-1) === type.toLowerCase()) modules.pop();
  return [...modules, type].join('::');
}
