import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { EventStreams } from './event-stream.ts';
import { hostRefusal, isSameOrigin, originRefusal, trustedHost } from './guard.ts';
import { PageFiles } from './page-files.ts';
import { badRequest, commonHeaders, type Reply, refuse } from './reply.ts';
import { type ApiContext, serveApi } from './routes.ts';

const MAX_BODY_BYTES = 65_536;
const API = '/api/v1/';
const ANY_BASE = 'http://localhost';

/** The web page and the HTTP API of an inbox. */
export class WebServer {
  readonly #context: () => ApiContext;
  readonly #allowedHosts: readonly string[];
  readonly #files: PageFiles;
  readonly #events: EventStreams;
  /** What listens. */
  readonly server: Server;

  private constructor(
    context: () => ApiContext,
    allowedHosts: readonly string[],
    files: PageFiles,
  ) {
    this.#context = context;
    this.#allowedHosts = allowedHosts;
    this.#files = files;
    this.#events = new EventStreams(context().store);
    this.server = createServer((request, response) => {
      void this.#answer(request, response);
    });
  }

  /** Makes the server; it does not listen yet. */
  static async create(
    context: () => ApiContext,
    allowedHosts: readonly string[],
  ): Promise<WebServer> {
    return new WebServer(context, allowedHosts, await PageFiles.find());
  }

  /** Ends every stream and connection; resolves when all are gone. */
  async close(): Promise<void> {
    this.#events.close();
    const gone = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await gone;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const reply = await this.#serve(request, response);
      if (reply) send(response, reply);
    } catch {
      const message = 'The inbox could not do that; the request is kept nowhere.';
      if (response.headersSent) response.destroy();
      else send(response, refuse({ status: 500, code: 'INTERNAL', message }));
    }
  }

  /** `undefined` when the answer is a stream that stays open. */
  async #serve(request: IncomingMessage, response: ServerResponse): Promise<Reply | undefined> {
    const host = trustedHost(request.headers.host, this.#allowedHosts);
    if (host === undefined) return refuse(hostRefusal);
    const method = request.method ?? 'GET';
    const isRead = method === 'GET' || method === 'HEAD';
    if (!isRead && !isSameOrigin(request.headers, host)) return refuse(originRefusal);

    const target = request.url ?? '/';
    if (!URL.canParse(target, ANY_BASE)) return badRequest('The path of the request is no path.');
    const { pathname, searchParams: query } = new URL(target, ANY_BASE);
    if (pathname === `${API}events` && method === 'GET') {
      if (!this.#events.hasRoom) {
        const message = 'Too many event streams are open; close some pages.';
        return refuse({ status: 503, code: 'TOO_MANY_STREAMS', message });
      }
      this.#events.open(response, commonHeaders);
      return undefined;
    }
    if (pathname.startsWith(API)) {
      const path = pathname.slice(API.length).split('/');
      const body = isRead ? undefined : await jsonBody(request);
      return serveApi({ method, path, query, host, body }, this.#context());
    }
    if (!isRead) {
      const message = 'This path takes GET.';
      return refuse({ status: 405, code: 'METHOD_NOT_ALLOWED', message });
    }
    return this.#files.serve(pathname, query, host);
  }
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  response.writeHead(status, { ...commonHeaders, ...headers, 'Content-Length': bytes.length });
  response.end(bytes);
}

async function jsonBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}
