import { unpacked } from '../../../html/app/data.ts';
import { element } from '../../../html/app/dom.ts';
import { startTheme } from '../../../html/app/theme.ts';
import { COMPARISON_ID } from '../diff-page.ts';
import { DiffApp } from './app.ts';
import { decodePage } from './decode.ts';
import { DiffStore } from './store.ts';

startTheme();
unpacked(COMPARISON_ID)
  .then((block) => {
    document.body.append(...new DiffApp(new DiffStore(decodePage(block))).parts);
  })
  .catch((error: unknown) => {
    const why = typeof DecompressionStream === 'undefined' ? 'this browser is too old' : String(error);
    document.body.append(element('p', { class: 'failed' }, `This report cannot be shown: ${why}.`));
  });
