import { App } from './app.ts';
import { readSummary } from './data.ts';
import { element } from './dom.ts';
import { Store } from './store.ts';
import { startTheme } from './theme.ts';

startTheme();
readSummary()
  .then((data) => {
    document.body.append(...new App(new Store(data)).parts);
  })
  .catch((error: unknown) => {
    const why = typeof DecompressionStream === 'undefined' ? 'this browser is too old' : String(error);
    document.body.append(element('p', { class: 'failed' }, `This report cannot be shown: ${why}.`));
  });
