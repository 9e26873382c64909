/** Colours of the canvases, from the style sheet, so that there is one place for both looks. */
export interface Theme {
  readonly background: string;
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly panel: string;
  /** The outline of what is pointed at. */
  readonly outline: string;
  readonly hit: string;
  /** The root `all`, and the frames of threads. */
  readonly root: string;
  /** Text on frames. */
  readonly label: string;
  /** What frames are too narrow to tell apart. */
  readonly narrow: string;
  /** How solid frames are painted. */
  readonly solid: number;
  /** How solid those are that lead to what is seen. */
  readonly path: number;
}

const KEY = 'pforge-prof-theme';
const listeners: (() => void)[] = [];
let known: Theme | undefined;

export function theme(): Theme {
  if (known === undefined) {
    const style = getComputedStyle(document.documentElement);
    const read = (name: string): string => style.getPropertyValue(`--${name}`).trim();
    known = {
      background: read('background'),
      text: read('text'),
      muted: read('muted'),
      line: read('line'),
      panel: read('panel'),
      outline: read('outline'),
      hit: read('hit'),
      root: read('root'),
      label: read('label'),
      narrow: read('narrow'),
      solid: Number(read('solid')),
      path: Number(read('path')),
    };
  }
  return known;
}

/** Calls back when the colours have changed. */
export function onTheme(listener: () => void): void {
  listeners.push(listener);
}

/** Follows the system until a person chooses, and remembers the choice where the browser lets it. */
export function startTheme(): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const { dataset } = document.documentElement;
  const ofSystem = (): void => {
    if (readStored() !== null) return;
    dataset.theme = dark.matches ? 'dark' : 'light';
    changed();
  };
  dataset.theme = readStored() ?? (dark.matches ? 'dark' : 'light');
  dark.addEventListener('change', ofSystem);
}

export function toggleTheme(): void {
  const { dataset } = document.documentElement;
  dataset.theme = dataset.theme === 'dark' ? 'light' : 'dark';
  try {
    localStorage.setItem(KEY, dataset.theme);
  } catch {
    // Files may have no storage: the choice lasts as long as the page.
  }
  changed();
}

function readStored(): string | null {
  try {
    const stored = localStorage.getItem(KEY);
    return stored === 'dark' || stored === 'light' ? stored : null;
  } catch {
    return null;
  }
}

function changed(): void {
  known = undefined;
  for (const listener of listeners) listener();
}
