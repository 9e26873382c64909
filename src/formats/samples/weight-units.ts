import type { ValueType } from '../../profile/profile.ts';

/** What a viewer's weight becomes in a profile. */
export interface WeightUnit {
  readonly valueType: ValueType;
  /** What a weight is multiplied by. */
  readonly scale: number;
}

/** A weight in its profile's unit, to a thousandth: what dividing and multiplying has added is taken off. */
export function scaled(weight: number, { scale }: WeightUnit): number {
  return scale === 1 ? weight : Math.round(weight * scale * 1000) / 1000;
}

/** The value types of several weights, those of `main` last: the default. */
export function distinctTypes(units: readonly WeightUnit[], main: WeightUnit): ValueType[] {
  const types: ValueType[] = [];
  for (const { valueType } of [...units, main]) {
    const known = types.findIndex(({ type, unit }) => type === valueType.type && unit === valueType.unit);
    if (known >= 0) types.splice(known, 1);
    types.push(valueType);
  }
  return types;
}
