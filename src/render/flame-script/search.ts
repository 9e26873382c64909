/** Search: a regexp over the distinct names, or `kind:NAME` as the legend asks. */
export const SEARCH_SCRIPT = String.raw`
const LONGEST_SEARCHED_NAME = 500;
const SEARCH_BUDGET_MS = 700;
let term = '';
let searchNote = '';
let hits = null;

/* A quantified group that holds a quantifier, e.g. (a+)+, can take longer than the universe has left. */
const RUNAWAY = /\((?:[^()\\]|\\.)*[+*}](?:[^()\\]|\\.)*\)[+*{]/;

/* Small letters match both cases; a capital letter makes the search exact (smart case, as in ripgrep). */
function matcherFor(text) {
  const anyCase = text.replace(/\\./g, '') === text.replace(/\\./g, '').toLowerCase();
  const literal = () => {
    const wanted = anyCase ? text.toLowerCase() : text;
    return (name) => (anyCase ? name.toLowerCase() : name).includes(wanted);
  };
  if (RUNAWAY.test(text)) {
    searchNote = 'nested repeats: searched as plain text';
    return literal();
  }
  try {
    const pattern = new RegExp(text, anyCase ? 'i' : '');
    return (name) => pattern.test(name.slice(0, LONGEST_SEARCHED_NAME));
  } catch (error) {
    searchNote = 'not a regexp: searched as plain text';
    return literal();
  }
}

function findHits(text) {
  const found = new Uint8Array(count);
  if (text.startsWith('kind:')) {
    const kind = text.slice(5);
    for (let i = 0; i < count; i++) found[i] = kinds[i] === kind ? 1 : 0;
    return found;
  }
  const matches = matcherFor(text);
  const known = new Map();
  const started = performance.now();
  for (let i = 0; i < count; i++) {
    let hit = known.get(names[i]);
    if (hit === undefined) {
      if (performance.now() - started > SEARCH_BUDGET_MS) {
        searchNote = 'too slow: stopped, not all names were searched';
        break;
      }
      hit = matches(names[i]) ? 1 : 0;
      known.set(names[i], hit);
    }
    found[i] = hit;
  }
  return found;
}

/* Weight on or above a matching frame within a subtree; a match inside a match counts once. */
function matchedWeight(top) {
  let sum = 0;
  for (let i = top; i < end[top]; ) {
    if (hits[i]) {
      sum += weight[i];
      i = end[i];
    } else i++;
  }
  return sum;
}

/* The legend says how much of all; this is the part of the view. */
function selfOfHits(top) {
  let sum = 0;
  for (let i = top; i < end[top]; i++) if (hits[i]) sum += self[i];
  return sum;
}

function matchedText() {
  if (!hits) return '';
  if (term.startsWith('kind:')) {
    return zoomed === 0 ? '' : 'Self: ' + percent(selfOfHits(zoomed), weight[zoomed]) + ' of view';
  }
  if (zoomed === 0) return 'Matched: ' + percent(matchedWeight(0), weight[0]);
  return (
    'Matched: ' + percent(matchedWeight(zoomed), weight[zoomed]) + ' of view, ' + percent(matchedWeight(0), weight[0]) + ' of all'
  );
}

function markHits(text) {
  const before = hits;
  term = text;
  searchNote = '';
  hits = text === '' ? null : findHits(text);
  for (let i = 0; i < count; i++) {
    const hit = hits !== null && hits[i] === 1;
    if (hit !== (before !== null && before[i] === 1)) groups[i].classList.toggle('hit', hit);
  }
  root.classList.toggle('searching', hits !== null);
  root.classList.toggle('by-group', text.startsWith('kind:'));
}
`;
