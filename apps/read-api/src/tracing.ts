import { type IncomingMessage, type ServerResponse } from 'node:http';
import {
  type EngineEvent,
  type EntryStore,
  type Listener,
  type Source,
  type SourceSession,
  type Statement,
} from '@freshet/cache-engine';
import { traced, type Tracing } from '@freshet/service-kit';

// Each gives back what it was given where nothing is traced.

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<unknown>;

/** A span for each request. Its path without the query: names of customers do not belong in traces. */
export function tracedAnswers(tracing: Tracing | undefined, answer: Answer): Answer {
  if (tracing === undefined) return answer;
  return (request, response) => {
    const { method = 'GET', url = '/', headers } = request;
    return tracing.request(method, headers, async () => {
      await answer(request, response);
      const path = url.split('?', 1)[0] ?? url;
      tracing.note({
        'http.request.method': method,
        'url.path': path,
        'http.response.status_code': response.statusCode,
      });
    });
  };
}

/** Lookups, registrations and fills as spans. */
export function tracedStore(store: EntryStore, tracing: Tracing | undefined): EntryStore {
  return tracing === undefined ? store : traced(store, 'store', tracing);
}

/** Statements as spans, by name and text; never their values. */
export function tracedSource(source: Source, tracing: Tracing | undefined): Source {
  if (tracing === undefined) return source;
  return { open: async () => tracedSession(await tracing.within('source open', {}, () => source.open()), tracing) };
}

function tracedSession(session: SourceSession, tracing: Tracing): SourceSession {
  const query = (statement: Statement): ReturnType<SourceSession['query']> => {
    const facts = { 'db.system.name': 'postgresql', 'db.query.text': statement.text };
    return tracing.within(statement.name, facts, () => session.query(statement));
  };
  return {
    get snapshot() {
      return session.snapshot;
    },
    query,
    close: () => session.close(),
  };
}

/** Every read is marked in the request's span; the view that was asked for gives it its name. */
export function tracedReads(listen: Listener, tracing: Tracing | undefined): Listener {
  if (tracing === undefined) return listen;
  return (event) => {
    listen(event);
    if (event.kind === 'read') noteRead(event, tracing);
  };
}

function noteRead({ view, outcome, detail = '' }: Extract<EngineEvent, { kind: 'read' }>, tracing: Tracing): void {
  const facts = { 'freshet.view': view, 'freshet.outcome': outcome, 'freshet.detail': detail };
  tracing.mark('read', facts);
  if (!view.startsWith('auth.')) tracing.note(facts, `GET ${view}`);
}
