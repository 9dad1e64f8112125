import { type Redis } from 'ioredis';
import { type NearCache } from './near-cache.js';
import { newsOf, parseNews } from './news.js';

/**
 * Tells a near cache what happens, over a connection of its own that does nothing else: `subscriber` must not subscribe again by
 * itself, or messages in between would be missed unnoticed. Resolves to nothing; whenever the connection breaks, the near cache is
 * told and starts from nothing.
 */
export function followNews(subscriber: Redis, near: NearCache): void {
  const { channel, database } = newsOf(subscriber);
  const subscribe = (): void => {
    subscriber.subscribe(channel).then(
      () => near.connected(),
      () => subscriber.disconnect(true),
    );
  };
  subscriber.on('close', () => near.broke());
  subscriber.on('ready', subscribe);
  subscriber.on('message', (_channel: string, message: string) => {
    const news = parseNews(message, database);
    if (news !== undefined) near.hear(news);
  });
  if (subscriber.status === 'ready') subscribe();
}
