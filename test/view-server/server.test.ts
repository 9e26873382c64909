import { type IncomingHttpHeaders, type RequestOptions, request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startViewServer, type ViewServer } from '../../src/view-server/server.ts';

const picture = {
  type: 'image/svg+xml; charset=utf-8',
  body: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
};
const title = '</title><script>window.__pwned=1</script> "a" & \u202eb';
let server: ViewServer;
let token: string;
beforeAll(async () => {
  server = await startViewServer(title, picture, 0);
  token = new URL(server.url).pathname.split('/')[1]!;
});
afterAll(() => server.close());

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

function ask(path: string, options: RequestOptions = {}): Promise<Answer> {
  return new Promise((done, fail) => {
    const asked = request({ host: '127.0.0.1', port: server.port, path, agent: false, ...options }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => done({ status: response.statusCode!, headers: response.headers, body }));
    });
    asked.on('error', fail);
    asked.end();
  });
}

/** The first bytes of the answer to what is sent as it is. */
function askRaw(text: string): Promise<string> {
  return new Promise((done, fail) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(text));
    socket.once('data', (chunk) => {
      done(chunk.toString());
      socket.destroy();
    });
    socket.once('close', () => done(''));
    socket.once('error', fail);
  });
}

const own = (): string => `/${token}/`;

describe('what is there', () => {
  test('the page, its title as text', async () => {
    const { status, headers, body } = await ask(own());
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(body).toContain(
      '<title>&#60;/title&#62;&#60;script&#62;window.__pwned=1&#60;/script&#62; &#34;a&#34; &#38; \ufffdb</title>',
    );
    expect(body.match(/<script/g)).toHaveLength(1);
  });

  test('the picture, as it is', async () => {
    const { status, headers, body } = await ask(`${own()}picture`);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe(picture.type);
    expect(body).toBe(picture.body.toString());
  });

  test('everything under a policy, and kept by nobody', async () => {
    for (const path of [own(), `${own()}picture`, `${own()}nothing`, '/']) {
      const { headers } = await ask(path);
      expect(headers['content-security-policy']).toMatch(/^default-src 'none';.*frame-ancestors '(none|self)'$/);
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    }
    const policy = (await ask(own())).headers['content-security-policy'];
    expect(policy).not.toContain('unsafe');
  });

  test('HEAD tells the same without the body', async () => {
    for (const path of [own(), `${own()}picture`]) {
      const [got, head] = [await ask(path), await ask(path, { method: 'HEAD' })];
      expect(head.body).toBe('');
      expect(head.headers['content-length']).toBe(got.headers['content-length']);
    }
    expect((await ask(`${own()}changes`, { method: 'HEAD' })).status).toBe(200);
  });

  test('the name localhost is ours too', async () => {
    expect((await ask(own(), { headers: { Host: `localhost:${server.port}` } })).status).toBe(200);
  });
});

describe('who is turned away', () => {
  test.each([
    ['a name that somebody lets point here (DNS rebinding)', () => `evil.example:${server.port}`],
    ['our address without the port', () => '127.0.0.1'],
    ['another port', () => `127.0.0.1:${server.port + 1}`],
    ['a name that begins as ours', () => `127.0.0.1:${server.port}.evil.example`],
  ])('Host: %s', async (_name, host) => {
    const { status, body } = await ask(own(), { headers: { Host: host() } });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body).not.toContain('<');
  });

  test('a request without Host', async () => {
    expect(await askRaw(`GET ${own()} HTTP/1.0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 403 /);
    expect(await askRaw(`GET ${own()} HTTP/1.1\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 /);
    expect(await askRaw(`GET ${own()} HTTP/1.1\r\nHost:\r\n\r\n`)).toMatch(/^HTTP\/1\.1 40[03] /);
  });

  test('pages of other sites', async () => {
    for (const Origin of ['http://evil.example', 'null', `http://127.0.0.1:${server.port + 1}`]) {
      expect((await ask(`${own()}picture`, { headers: { Origin } })).status).toBe(403);
    }
    expect((await ask(own(), { headers: { Origin: `http://127.0.0.1:${server.port}` } })).status).toBe(200);
    const site = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' };
    expect((await ask(own(), { headers: { ...site, 'Sec-Fetch-Dest': 'iframe' } })).status).toBe(403);
    expect((await ask(own(), { headers: { ...site, 'Sec-Fetch-Dest': 'document' } })).status).toBe(200);
  });

  test('whoever does not know the token', async () => {
    const wrong = token.replace(/./, (first) => (first === 'A' ? 'B' : 'A'));
    for (const path of [
      '/',
      '/picture',
      `/${wrong}/`,
      `/${token.slice(1)}/`,
      `/${token}x/`,
      `/x/${token}/`,
      `//${token}/`,
      '*',
      `/?token=${token}`,
    ]) {
      const { status, body } = await ask(path);
      expect(status, path).toBe(403);
      expect(body).toBe('the address is not complete\n');
    }
    expect(token).toMatch(/^[\w-]{43}$/);
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'PROPFIND'])('%s', async (method) => {
    const { status, headers } = await ask(own(), { method });
    expect(status).toBe(405);
    expect(headers.allow).toBe('GET, HEAD');
  });

  test('CONNECT and upgrades', async () => {
    const host = `Host: 127.0.0.1:${server.port}\r\n`;
    expect(await askRaw(`CONNECT example.org:443 HTTP/1.1\r\n${host}\r\n`)).toBe('');
    const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\n';
    expect(await askRaw(`GET /x HTTP/1.1\r\n${host}${upgrade}\r\n`)).not.toMatch(/^HTTP\/1\.1 (101|200)/);
  });

  test('no path leads to a file', async () => {
    for (const path of [
      '',
      '../../etc/passwd',
      '..%2f..%2fetc%2fpasswd',
      '%2e%2e/etc/passwd',
      '/etc/passwd',
      'picture/..',
      'picture/',
      './',
      '//',
      'picture%00.svg',
      'PICTURE',
    ]) {
      const { status } = await ask(`/${token}${path === '' ? '' : `/${path}`}`);
      expect(status, path).toBe(404);
    }
    expect(await askRaw(`GET file:///etc/passwd HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`)).toMatch(/ 403 /);
  });
});

test('each server has a token of its own, and a taken port is said', async () => {
  const other = await startViewServer('x', picture, 0);
  expect(new URL(other.url).pathname).not.toBe(own());
  await expect(startViewServer('x', picture, other.port)).rejects.toThrow(
    `cannot listen on port ${other.port}: it is in use`,
  );
  await other.close();
});

test('only this machine is listened to', async () => {
  expect(new URL(server.url).hostname).toBe('127.0.0.1');
  const refused = await new Promise<string>((done) => {
    const socket = connect(server.port, '127.0.0.2');
    socket.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? ''));
    socket.once('connect', () => done('connected'));
  });
  expect(refused).toBe('ECONNREFUSED');
});

test('changes are told as they happen; a problem is one line whatever it holds', async () => {
  const own = await startViewServer('x', picture, 0);
  const asked = request(`${own.url}changes`);
  let heard = '';
  const until = (pattern: RegExp): Promise<void> =>
    new Promise((done) => {
      const look = (): void => {
        if (pattern.test(heard)) done();
        else setTimeout(look, 5);
      };
      look();
    });
  asked.on('response', (response) => response.on('data', (chunk: Buffer) => (heard += chunk.toString())));
  asked.on('error', () => {});
  asked.end();
  await until(/event: version\ndata: 1\n\nevent: problem\ndata: ""\n\n/);
  own.tell('it broke\n\nevent: version\ndata: 9');
  await until(/data: "it broke\\n\\nevent: version\\ndata: 9"\n\n/);
  heard = '';
  own.show({ type: 'text/html', body: Buffer.from('new') });
  await until(/^event: version\ndata: 2\n\nevent: problem\ndata: ""\n\n$/);
  await own.close();
});
