import { type Loaded } from '@freshet/cache-engine';
import { type CacheKey, type Params } from '@freshet/cache-keys';
import { LRUCache } from 'lru-cache';
import { type ViewReader } from '../engine/view-reader.js';
import { chosenView, methodsOf, type Route } from '../route.js';
import { type View } from '../view.js';
import { lastValues, type AskedRequest } from './asked.js';
import { type Router } from './router.js';

/** What follows from an address alone. */
export interface Plan {
  readonly kind: 'plan';
  readonly route: Route;
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** What the answer's `Allow` says. */
  readonly allow: string;
  readonly view: View | undefined;
  /** What the view made of it, once it was asked and where that holds for every caller. */
  target: Target | undefined;
}

interface Target {
  readonly params: Params;
  readonly key: CacheKey;
  /** The answer itself, where it needs no row. */
  readonly constant: Loaded | undefined;
}

/** The path is known once a `/` is added. */
interface SlashMissing {
  readonly kind: 'slash';
}

const REMEMBERED = 5000;
const LONGEST_REMEMBERED = 500;

/** Front ends ask for the same addresses again and again: what they mean is worked out once. */
export class Plans {
  private readonly known = new LRUCache<string, Plan>({ max: REMEMBERED });
  private day = '';

  constructor(
    private readonly router: Router,
    private readonly views: ViewReader,
  ) {}

  /** Undefined: an unknown path. */
  of(address: string, today: string): Plan | SlashMissing | undefined {
    if (today !== this.day) this.startDay(today);
    const known = this.known.get(address);
    if (known !== undefined) return known;
    const match = this.router.match(address.split('?', 1)[0] ?? '');
    if (match?.kind !== 'route') return match;
    const { route, path } = match;
    const query = lastValues(address);
    const view = chosenView(route, query);
    const plan: Plan = { kind: 'plan', route, path, query, allow: methodsOf(route), view, target: undefined };
    if (address.length <= LONGEST_REMEMBERED) this.known.set(address, plan);
    return plan;
  }

  /** What a request is about. @throws ApiError what the view says of bad parameters */
  async target(plan: Plan, view: View, request: () => AskedRequest): Promise<Target> {
    const asked = request();
    const params = view.params(asked);
    const constant = await this.views.constant(view, params);
    const target = { params, key: this.views.keyOf(view, params), constant };
    if (!asked.personal) plan.target = target;
    return target;
  }

  /** Params may hold today's date. */
  private startDay(today: string): void {
    this.known.clear();
    this.day = today;
  }
}
