import { checkProfile } from '../profile/check.ts';
import type { Profile } from '../profile/profile.ts';

/**
 * A profile that was read of a picture, once it is known to be one.
 * @throws {RangeError} it breaks what every profile promises; the cause says what
 */
export function checked(profile: Profile): Profile {
  try {
    checkProfile(profile);
  } catch (error) {
    throw new RangeError('its numbers do not fit each other', { cause: error });
  }
  return profile;
}
