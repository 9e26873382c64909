/** The report's script: finds benchmarks by their names, opens the one that the address names. */

const find = document.querySelector<HTMLInputElement>('.find');
const titled = [...document.querySelectorAll<HTMLElement>('[data-title]')];
const groups = [...document.querySelectorAll<HTMLElement>('.group')];

if (find !== null) {
  find.hidden = false;
  find.addEventListener('input', () => show(find.value.trim().toLowerCase()));
  document.addEventListener('keydown', (event) => {
    if (event.key === '/' && document.activeElement !== find && !event.ctrlKey && !event.metaKey && !event.altKey) {
      find.focus();
      event.preventDefault();
    } else if (event.key === 'Escape' && document.activeElement === find) {
      find.value = '';
      show('');
    }
  });
}
window.addEventListener('hashchange', open);
open();

/** Only what has all words in its title. */
function show(words: string): void {
  const parts = words.split(/\s+/).filter(Boolean);
  for (const element of titled) {
    const title = element.dataset.title!.toLowerCase();
    element.hidden = !parts.every((part) => title.includes(part));
  }
  for (const group of groups) group.hidden = group.querySelector('details:not([hidden])') === null;
}

function open(): void {
  const chosen = document.getElementById(location.hash.slice(1));
  if (!(chosen instanceof HTMLDetailsElement)) return;
  chosen.open = true;
  chosen.scrollIntoView();
}
