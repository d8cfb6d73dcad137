import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { server } from './visit';

export interface Proxy extends AsyncDisposable {
  /** Where the server seems to be. */
  base: string;
  /** Breaks all connections; new ones are taken. */
  interrupt: () => void;
}

/** A reverse proxy as cities run them: the server lies under a path of a larger site. */
export async function proxied(prefix: string): Promise<Proxy> {
  const proxy = createServer((asked, answer) => forward(prefix, asked, answer));
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  const { port } = proxy.address() as AddressInfo;
  return {
    interrupt: () => proxy.closeAllConnections(),
    base: `http://127.0.0.1:${port}${prefix}/`,
    [Symbol.asyncDispose]: async () => {
      proxy.closeAllConnections();
      await new Promise((done) => proxy.close(done));
    },
  };
}

function forward(prefix: string, asked: IncomingMessage, answer: ServerResponse): void {
  const path = asked.url ?? '';
  if (!path.startsWith(`${prefix}/`)) {
    answer.writeHead(404).end('outside of the prefix');
    return;
  }
  const headers = {
    ...asked.headers,
    'x-forwarded-host': asked.headers.host,
    'x-forwarded-proto': 'http',
    'x-forwarded-prefix': prefix,
  };
  const url = new URL(path.slice(prefix.length + 1), server);
  const passed = request(url, { method: asked.method, headers }, (response) => {
    answer.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(answer);
  });
  passed.on('error', () => answer.writeHead(502).end());
  asked.pipe(passed);
}
