import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';

/** What the framework answers; everything else is the contract's. */
const OPERATIONS = /^\/(live|ready|metrics|healthz|docs|openapi\.json)(\?|$)/;

const LIMITS = {
  /** Request line and headers together, so the longest query too. */
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
};

/**
 * One server for both: the read path is called directly, as each layer of a framework costs more than a lookup in Redis; probes,
 * metrics and documents go through the framework.
 */
export function sharedServer(
  framework: RequestListener,
  api: (request: IncomingMessage, response: ServerResponse) => unknown,
): Server {
  const server = createServer(LIMITS, (request, response) => {
    // A client that never rests would keep its connection, and with it the server, past the end of every drain.
    if (!server.listening) response.setHeader('Connection', 'close');
    if (OPERATIONS.test(request.url ?? '/')) framework(request, response);
    else void api(request, response);
  });
  return server;
}
