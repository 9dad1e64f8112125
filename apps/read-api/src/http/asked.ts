import { type ViewRequest } from '../view.js';

/** Where and when a request was made, and by whom. */
interface Circumstances {
  readonly address: string;
  readonly origin: () => string;
  readonly today: string;
  readonly userId: number;
  readonly mediaLink: (path: string) => string;
}

/** What a view is told of a request. It notices when the view looks at who asks, or where: what it makes of it then holds for no other. */
export class AskedRequest implements ViewRequest {
  readonly address: string;
  readonly today: string;
  readonly mediaLink: (path: string) => string;
  /** Whether `userId` or `origin` was read. */
  personal = false;

  constructor(
    readonly path: Readonly<Record<string, string>>,
    readonly query: Readonly<Record<string, string | undefined>>,
    private readonly circumstances: Circumstances,
  ) {
    this.address = circumstances.address;
    this.today = circumstances.today;
    this.mediaLink = circumstances.mediaLink;
  }

  get userId(): number {
    this.personal = true;
    return this.circumstances.userId;
  }

  get origin(): string {
    this.personal = true;
    return this.circumstances.origin();
  }
}

/** The last value of each parameter. No prototype: `?constructor=1` is a parameter like any other. */
export function lastValues(address: string): Readonly<Record<string, string | undefined>> {
  const values = Object.create(null) as Record<string, string | undefined>;
  const start = address.indexOf('?');
  if (start === -1) return values;
  for (const [name, value] of new URLSearchParams(address.slice(start + 1))) values[name] = value;
  return values;
}
