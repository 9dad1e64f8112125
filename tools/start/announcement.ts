import type { Running } from './bring-up.js';

export function asText({ readApi, invalidator, database, redis, kafka, authorization, adminToken }: Running): string {
  const ask = (path: string) => `  curl -si -H "Authorization: $AUTH" '${readApi}${path}'`;
  return [
    '',
    `read API     ${readApi}   (API page: ${readApi}/docs)`,
    `invalidator  ${invalidator}   (admin token: ${adminToken})`,
    `PostgreSQL   ${database}`,
    `Redis        ${redis}`,
    `Kafka        ${kafka}`,
    '',
    'A token for twelve hours, and three things to ask. Ask twice and look at Cache-Status:',
    `  AUTH='${authorization}'`,
    ask('/api/businesses/1/'),
    ask('/api/invoices/?page_size=5&business_id=1'),
    ask('/api/invoices/stats/'),
    '',
  ].join('\n');
}

/** The one line that scripts read. */
export function asJson({ readApi, invalidator, database, redis, kafka, authorization, adminToken }: Running): string {
  return JSON.stringify({ readApi, invalidator, database, redis, kafka, authorization, adminToken });
}
