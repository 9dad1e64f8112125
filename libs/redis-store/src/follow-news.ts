import { type News } from '@freshet/cache-engine';
import { controlKeys } from '@freshet/cache-keys';
import { type Redis } from 'ioredis';
import { newsOf, parseNews } from './news.js';

/** Who is told: when the channel is heard from, what it says, and when something may go unheard. */
interface NewsListener {
  connected(): void;
  broke(): void;
  hear(news: News): void;
}

/**
 * Tells a near cache what happens, over a connection of its own that does nothing else: `subscriber` must not subscribe again by
 * itself, or messages in between would be missed unnoticed. Resolves to nothing; whenever the connection breaks, the near cache is
 * told and starts from nothing.
 */
export function followNews(subscriber: Redis, near: NewsListener): void {
  const { database } = newsOf(subscriber);
  const subscribe = (): void => {
    listenAtMaster(subscriber).then(
      () => near.connected(),
      (error: Error) => {
        goWhereItPoints(subscriber, error);
        subscriber.disconnect(true);
      },
    );
  };
  // The slot of the channel has gone to another master of the cluster.
  subscriber.on('moved', () => subscriber.disconnect(true));
  subscriber.on('close', () => near.broke());
  subscriber.on('ready', subscribe);
  subscriber.on('smessage', (_channel: string, message: string) => {
    const news = parseNews(message, database);
    if (news !== undefined) near.hear(news);
  });
  if (subscriber.status === 'ready') subscribe();
}

/** A replica would pass on what its master tells, over a link that may lose something unnoticed. */
async function listenAtMaster(subscriber: Redis): Promise<void> {
  const [role, host, port] = await subscriber.role();
  if (role === 'slave') throw new Error(`MOVED 0 ${String(host)}:${String(port)}`);
  await subscriber.ssubscribe(controlKeys.news);
}

/** A node of a cluster that does not tell news says which one does. */
function goWhereItPoints({ options }: Redis, error: Error): void {
  const [, host, port] = /^MOVED \d+ (.*):(\d+)$/.exec(error.message) ?? [];
  if (port === undefined) return;
  if (host !== undefined && host !== '') options.host = host;
  options.port = Number(port);
}
