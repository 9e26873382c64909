/** What tells pushed profiles apart beside service and host: `region=eu`. */
export type Labels = ReadonlyMap<string, string>;

/** A condition of `--where`. */
export interface Condition {
  readonly name: string;
  readonly value: string;
  readonly isNot: boolean;
}

/** Reads `name=value`; a name is as Prometheus has them. @returns undefined where it is none */
export function parseLabel(text: string): readonly [name: string, value: string] | undefined {
  const [, name, value] = /^([A-Za-z_][A-Za-z0-9_.]*)=(.*)$/s.exec(text) ?? [];
  return name === undefined || value === undefined ? undefined : [name, value];
}

/** Reads `name=value` or `name!=value`. @returns undefined where it is none */
export function parseCondition(text: string): Condition | undefined {
  const [, name, not, value] = /^([A-Za-z_][A-Za-z0-9_.]*)(!?)=(.*)$/s.exec(text) ?? [];
  return name === undefined || value === undefined ? undefined : { name, value, isNot: not === '!' };
}
