// Fetches one small document over a stream that is open, and encrypted, already. Follows nothing.
import { request } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ErrorContext } from '../base/index.ts';
import { ConnectionError, LimitError } from '../base/index.ts';
import type { Deadline } from './deadline.ts';
import { dialError } from './dial-error.ts';

/** What came of a request. */
export type HttpAnswer =
  | { readonly kind: 'document'; readonly bytes: Uint8Array }
  /** There is none (404, 410). */
  | { readonly kind: 'none' }
  /** It is elsewhere. */
  | { readonly kind: 'redirect'; readonly location: string };

/** A request and its bound. */
export interface HttpGet {
  readonly url: URL;
  /** The limit that bounds the document, and its octets. */
  readonly limit: { readonly name: string; readonly bytes: number };
}

/** Asks for `url` on `stream`, which ends with the answer. Throws `ConnectionError`, `TimeoutError`, `LimitError`. */
export async function httpGet(
  stream: Duplex,
  { url, limit }: HttpGet,
  deadline: Deadline,
): Promise<HttpAnswer> {
  const context: ErrorContext = {
    stage: 'connect',
    host: url.hostname,
    port: Number(url.port) || 443,
  };
  const asking = request({
    method: 'GET',
    path: `${url.pathname}${url.search}`,
    headers: { host: url.host, accept: 'text/xml, application/xml', connection: 'close' },
    createConnection: () => stream,
  });
  const answered = new Promise<HttpAnswer>((resolve, reject) => {
    // Stays for good: an error after the answer must not end the process.
    asking.on('error', reject);
    asking.once('response', (response) => {
      const { statusCode = 0, headers } = response;
      response.on('error', reject);
      if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
        resolve({ kind: 'redirect', location: headers.location });
      } else if (statusCode === 404 || statusCode === 410) resolve({ kind: 'none' });
      else if (statusCode !== 200) reject(unexpected(url, statusCode, context));
      else {
        const chunks: Uint8Array[] = [];
        let size = 0;
        response.on('data', (chunk: Uint8Array) => {
          size += chunk.length;
          if (size > limit.bytes) reject(tooLarge(url, limit, context));
          else chunks.push(chunk);
        });
        response.once('end', () => resolve({ kind: 'document', bytes: Buffer.concat(chunks) }));
      }
    });
  });
  asking.end();
  try {
    return await deadline.wait('connect', answered, () => context);
  } catch (error) {
    throw dialError(error, context);
  } finally {
    asking.destroy();
    stream.destroy();
  }
}

function unexpected(url: URL, status: number, context: ErrorContext): ConnectionError {
  return new ConnectionError(
    'CONNECTION_CLOSED',
    `https://${url.host} answered with status ${status}`,
    context,
  );
}

function tooLarge(url: URL, { name, bytes }: HttpGet['limit'], context: ErrorContext): LimitError {
  return new LimitError(
    name,
    bytes,
    `The document of https://${url.host} is over the limit '${name}' of ${bytes}`,
    context,
  );
}
