import { type ViewReader } from '../engine/view-reader.js';
import { type Access } from '../route.js';
import { roleView } from './role-view.js';
import { forbidden, userInactive, userNotFound } from './unauthorized.js';
import { ACTIVE, UNKNOWN, userView } from './user-view.js';

const ACTIVE_BYTES = Buffer.from(ACTIVE);
const UNKNOWN_BYTES = Buffer.from(UNKNOWN);
const ADMIN_BYTES = Buffer.from('admin');

/** Whether an account may ask, by what the database says now: read through the cache, dropped with the rows. */
export class Accounts {
  constructor(private readonly views: ViewReader) {}

  /** @throws ApiError 401 or 403; trouble of our own passes through as what it is, since a false 401 logs people out. */
  async admit(userId: number, access: Access): Promise<void> {
    const [user, role] = await Promise.all([
      this.views.read(userView, { id: userId }),
      access === 'admin' ? this.views.read(roleView, { id: userId }) : undefined,
    ]);
    if (!user.body.equals(ACTIVE_BYTES)) throw user.body.equals(UNKNOWN_BYTES) ? userNotFound() : userInactive();
    if (role !== undefined && !role.body.equals(ADMIN_BYTES)) throw forbidden();
  }
}
