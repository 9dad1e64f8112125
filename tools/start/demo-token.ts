import { randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { Client } from 'pg';

const LIFETIME_SECONDS = 12 * 3600;

interface User {
  readonly id: number;
  readonly username: string;
  readonly full_name: string;
  readonly role: string;
}

/** A token as the application would hand one out, for an active user of the database, an admin where there is one. */
export async function tokenForSomeone(ownerUrl: string, secretKey: string): Promise<string> {
  const { id, ...shown } = await someone(ownerUrl);
  const claims = { token_type: 'access', user_id: id, jti: randomUUID().replaceAll('-', ''), ...shown };
  return jwt.sign(claims, secretKey, { algorithm: 'HS256', expiresIn: LIFETIME_SECONDS });
}

async function someone(ownerUrl: string): Promise<User> {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const { rows } = await client.query<User>(`
      SELECT u.id, u.username, trim(u.first_name || ' ' || u.last_name) AS full_name,
             CASE WHEN u.is_superuser THEN 'admin' ELSE coalesce(min(g.name), 'viewer') END AS role
      FROM auth_user u
      LEFT JOIN auth_user_groups ug ON ug.user_id = u.id
      LEFT JOIN auth_group g ON g.id = ug.group_id
      WHERE u.is_active
      GROUP BY u.id
      ORDER BY (u.is_superuser OR bool_or(g.name = 'admin') IS TRUE) DESC, u.id
      LIMIT 1`);
    if (rows[0] === undefined) throw new Error('the database has no active user to make a token for');
    return rows[0];
  } finally {
    await client.end();
  }
}
