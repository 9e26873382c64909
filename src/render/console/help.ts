import { padColumns } from '../../terminal/string-width.ts';
import { EMPTY, type Line, span } from './spans.ts';

const KEYS: readonly (readonly [string, string])[] = [
  ['1 2 3 ..., tab', 'the views, as numbered above'],
  ['up down, j k', 'select a row, or scroll; page up, page down, home, end as well'],
  ['enter', 'details of the selected row'],
  ['esc', 'back; without details: drop the filter'],
  ['s < >, S', 'sort by the next or the previous column; turn the order round'],
  ['/', 'show only rows that hold a text, letter by letter'],
  ['w', 'all warnings'],
  ['f', 'freeze what is seen; watching goes on'],
  ['p', 'pause watching: the program goes on, hooks are off'],
  ['e', 'export what is seen to a file, as JSON'],
  ['ctrl-L', 'draw anew'],
  ['ctrl-Z', 'to the shell; fg comes back'],
  ['q, ctrl-C', 'quit: a program that was started here is ended, any other is left as it was'],
];

const REPLAY_KEYS: readonly (readonly [string, string])[] = [
  ['space, p', 'play, pause'],
  ['left right', 'one snapshot back or on'],
  ['[ ]', 'ten back or on'],
  ['{ }', 'to the start, to the end'],
  ['- +', 'slower, faster'],
];

const WORDS: readonly (readonly [string, string])[] = [
  ['Live', 'asynchronous operations that were begun and have not ended'],
  ['Busy', 'time that callbacks ran; Idle: time that was waited'],
  ['Polls', 'callbacks that were run; Longest: the longest of them'],
  ['~', 'seen in short windows only and scaled up; --all sees everything'],
  ['!', 'warnings: the details tell'],
];

const LABEL = 18;

/** What keys do and what the words mean. */
export function helpLines(isReplay: boolean): Line[] {
  const row = ([key, what]: readonly [string, string]): Line => [span(padColumns(key, LABEL), 'accent'), span(what)];
  return [
    [span('Keys', 'bold')],
    ...KEYS.map(row),
    ...(isReplay ? [EMPTY, [span('A recording', 'bold')] as Line, ...REPLAY_KEYS.map(row)] : []),
    EMPTY,
    [span('Words', 'bold')],
    ...WORDS.map(row),
  ];
}
