import { App } from './app.ts';
import { readSummary } from './data.ts';
import { startPage } from './start.ts';
import { Store } from './store.ts';

startPage(readSummary, (data) => new App(new Store(data)).parts);
