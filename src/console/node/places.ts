import { fileURLToPath } from 'node:url';
import type { RawPlace } from '../../preload/console/messages.ts';
import { isScriptFile } from '../../profile/originals.ts';
import { SourceMaps } from '../../symbols/source-maps.ts';
import type { SourcePlace } from '../snapshot.ts';

/** Places that are remembered; a program has as many places as lines, not as operations. */
const MOST_KNOWN = 20_000;

/** The places of a program as its person wrote them: by the source maps of its scripts. */
export class Places {
  private readonly maps = new SourceMaps();
  private readonly known = new Map<string, SourcePlace>();
  private readonly asked = new Map<string, RawPlace>();

  /** As far as it is known by now; what is not is asked for, see {@link settle}. */
  of(stack: readonly RawPlace[]): SourcePlace[] {
    return stack.map((place) => {
      const key = keyOf(place);
      const found = this.known.get(key);
      if (found !== undefined) return found;
      const plain = plainPlace(place);
      if (isScriptFile(place[1])) this.asked.set(key, place);
      else this.remember(key, plain);
      return plain;
    });
  }

  /** Looks up in source maps whatever was asked for. */
  async settle(): Promise<void> {
    const asked = [...this.asked];
    if (asked.length === 0) return;
    this.asked.clear();
    const originals = await this.maps.find(
      asked.map(([, [name, file, line, column]]) => ({ name, file: pathOf(file), line, column })),
    );
    asked.forEach(([key, place], i) => {
      const original = originals[i];
      this.remember(
        key,
        original === undefined
          ? plainPlace(place)
          : { function: original.name, file: original.file, line: original.line, column: original.column },
      );
    });
  }

  notes(): string[] {
    return this.maps.notes();
  }

  private remember(key: string, place: SourcePlace): void {
    if (this.known.size >= MOST_KNOWN) this.known.clear();
    this.known.set(key, place);
  }
}

function keyOf([name, file, line, column]: RawPlace): string {
  return `${line}:${column}:${name}:${file}`;
}

function plainPlace([name, file, line, column]: RawPlace): SourcePlace {
  return { function: name, file: pathOf(file), line, column };
}

/** The path of a script that V8 names by its address. */
export function pathOf(file: string): string {
  if (!file.startsWith('file:')) return file;
  try {
    return fileURLToPath(file);
  } catch {
    return file;
  }
}

/** The first place of a stack that is the program's own, or at least of a package; undefined where there is none. */
export function culprit(stack: readonly SourcePlace[]): SourcePlace | undefined {
  const written = stack.filter(({ file }) => file !== '' && !file.startsWith('node:'));
  return written.find(({ file }) => !file.includes('/node_modules/')) ?? written[0];
}
