import { element } from '../../../html/app/dom.ts';
import { startTheme } from '../../../html/app/theme.ts';
import { DiffApp } from './app.ts';
import { readPage } from './decode.ts';
import { DiffStore } from './store.ts';

startTheme();
readPage()
  .then((data) => {
    document.body.append(...new DiffApp(new DiffStore(data)).parts);
  })
  .catch((error: unknown) => {
    const why = typeof DecompressionStream === 'undefined' ? 'this browser is too old' : String(error);
    document.body.append(element('p', { class: 'failed' }, `This report cannot be shown: ${why}.`));
  });
