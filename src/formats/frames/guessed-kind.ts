import { jsKind, labelKind, nativeKind } from '../../profile/kind.ts';
import type { Kind } from '../../profile/profile.ts';

const script =
  /^(?:node:|wasm:|evalmachine\.|internal\/|https?:|chrome:|resource:|moz-extension:)|\.[mc]?[jt]sx?(?:\?.*)?$/;

/**
 * The kind of a frame in a format that has no word for it, by what the frame says of itself.
 * @param name '' = unknown
 * @param file the source file or script; '' = unknown
 * @param module the binary; '' = unknown
 */
export function guessedKind(name: string, file: string, module: string): Kind {
  return scriptKind(file) ?? guessedNativeKind(name, file, module);
}

/** The kind of a frame whose file is a script: its file alone says it. */
export function scriptKind(file: string): Kind | undefined {
  return script.test(file) ? jsKind(file) : undefined;
}

/** {@link guessedKind} where the file is no script. */
export function guessedNativeKind(name: string, file: string, module: string): Kind {
  if (module !== '') return nativeKind(name, module);
  return file === '' ? labelKind(name) : labelKind(`${name || '(anonymous)'} ${file}:1`);
}
