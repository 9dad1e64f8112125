import { type View } from '../view.js';

/** Where a view is served. */
export interface Route {
  /** Ends in `/`; `:name` is a part of the path. */
  readonly path: string;
  /** What `:id` may be: any text without `/` and `.` (then 404 from the view), or digits alone (else an unknown path). */
  readonly kind: 'router' | 'digits';
  readonly view: View;
  /** Who may read it; everyone who is signed in when absent. */
  readonly role?: 'admin';
  /** Query parameters that choose this view before the plain one of the same path. */
  readonly when?: Readonly<Record<string, string>>;
}
