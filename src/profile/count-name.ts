import { defaultValueIndex, type Profile } from './profile.ts';

/**
 * The profile with another word for what it counts, where it counts at all: folded text does not say what its counts are,
 * so a person who names them knows better. Time and bytes keep their names.
 */
export function withCountName(profile: Profile, name: string): Profile {
  const { valueTypes } = profile;
  const index = defaultValueIndex(profile);
  if (valueTypes[index]!.unit !== 'count') return profile;
  return { ...profile, valueTypes: valueTypes.map((type, i) => (i === index ? { type: name, unit: 'count' } : type)) };
}
