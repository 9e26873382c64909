import { element } from './dom.ts';

/** Waits for the end of a word before it searches. */
const TYPING_MS = 160;

/** The field for what is searched for, and before it what was found. */
export class SearchField {
  readonly host: HTMLElement;
  private readonly field = element('input', {
    type: 'search',
    placeholder: 'Search   /',
    'aria-label': 'Search names and places; a regular expression between slashes',
    spellcheck: 'false',
    autocomplete: 'off',
  });
  private readonly found = element('span', { class: 'matched', 'aria-live': 'polite' });
  private readonly search: (term: string) => void;
  private pending = 0;

  /** @param search called with what a person typed, when a word seems to have ended */
  constructor(search: (term: string) => void) {
    this.search = search;
    this.field.addEventListener('input', () => {
      clearTimeout(this.pending);
      this.pending = window.setTimeout(() => this.searchNow(), TYPING_MS);
    });
    this.field.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') this.searchNow();
    });
    this.host = element('span', { class: 'search' }, this.found, this.field);
  }

  focus(): void {
    this.field.focus();
    this.field.select();
  }

  /**
   * Forgets what was typed and leaves the field; what was searched for is its owner's to forget.
   * @returns whether there was any text
   */
  clear(): boolean {
    const hadText = this.field.value !== '';
    clearTimeout(this.pending);
    this.field.value = '';
    this.field.blur();
    return hadText;
  }

  /** @param note what to say of what was found; '' = nothing */
  show(term: string, note: string): void {
    if (document.activeElement !== this.field) this.field.value = term;
    this.found.textContent = note;
  }

  private searchNow(): void {
    clearTimeout(this.pending);
    this.search(this.field.value.trim());
  }
}
