import { type CacheKey } from '@freshet/cache-keys';
import { LRUCache } from 'lru-cache';
import { type ViewReader } from '../engine/view-reader.js';
import { type Access } from '../route.js';
import { roleView } from './role-view.js';
import { forbidden, userInactive, userNotFound } from './unauthorized.js';
import { ACTIVE, UNKNOWN, userView } from './user-view.js';

const ACTIVE_BYTES = Buffer.from(ACTIVE);
const UNKNOWN_BYTES = Buffer.from(UNKNOWN);
const ADMIN_BYTES = Buffer.from('admin');
const REMEMBERED_KEYS = 10_000;

/** Whether an account may ask, by what the database says now: read through the cache, dropped with the rows. */
export class Accounts {
  /** Worked out once for each account: it is asked for on every request. */
  private readonly userKeys = new LRUCache<number, CacheKey>({ max: REMEMBERED_KEYS });

  constructor(private readonly views: ViewReader) {}

  /** @throws ApiError 401 or 403; trouble of our own passes through as what it is, since a false 401 logs people out. */
  async admit(userId: number, access: Access): Promise<void> {
    const role = access === 'admin' ? this.views.read(roleView, { id: userId }) : undefined;
    role?.catch(() => undefined);
    const { body } = await this.views.read(userView, { id: userId }, this.userKey(userId));
    if (!body.equals(ACTIVE_BYTES)) throw body.equals(UNKNOWN_BYTES) ? userNotFound() : userInactive();
    if (role !== undefined && !(await role).body.equals(ADMIN_BYTES)) throw forbidden();
  }

  private userKey(userId: number): CacheKey {
    const known = this.userKeys.get(userId);
    if (known !== undefined) return known;
    const key = this.views.keyOf(userView, { id: userId });
    this.userKeys.set(userId, key);
    return key;
  }
}
