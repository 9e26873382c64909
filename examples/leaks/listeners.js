// Leaks: every request listens for changes of the configuration, and never stops to listen.
//
//     pforge-prof heap leak --load http://127.0.0.1:3000/ -- node examples/leaks/listeners.js
import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';

const configuration = new EventEmitter();
configuration.setMaxListeners(0);

createServer((request, response) => {
  const page = { url: request.url, lines: new Array(20).fill(request.url) };
  configuration.on('change', function refreshPage() {
    page.lines.length = 0;
  });
  response.end(`${page.lines.length} lines\n`);
}).listen(Number(process.env.PORT ?? 3000), '127.0.0.1', function () {
  console.log(`listening on http://127.0.0.1:${this.address().port}`);
});
