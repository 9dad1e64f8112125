/** Answers with the reason why the service cannot do its work; undefined when all is well. */
export type Check = () => string | undefined | Promise<string | undefined>;

export interface Readiness {
  readonly ready: boolean;
  /** Each check by name: `ok`, or the reason. */
  readonly checks: Readonly<Record<string, string>>;
  /** What else is to be known of the process, ready or not: its role among several. */
  readonly facts?: Readonly<Record<string, string>>;
}

/** A check that hangs is a check that failed: the prober must get its answer. */
const CHECK_TIMEOUT_MS = 1000;

/** Collects the checks of a process. Being alive needs no check: a process that answers lives. */
export class Health {
  private readonly checks = new Map<string, Check>();
  private readonly facts = new Map<string, () => string>();
  private draining = false;

  register(name: string, check: Check): void {
    this.checks.set(name, check);
  }

  tell(name: string, fact: () => string): void {
    this.facts.set(name, fact);
  }

  /** From now on not ready: the balancer looks elsewhere while work in hand is finished. */
  drain(): void {
    this.draining = true;
  }

  async readiness(): Promise<Readiness> {
    if (this.draining) return { ready: false, checks: { service: 'draining' } };
    const named = [...this.checks].map(async ([name, check]) => [name, (await answer(check)) ?? 'ok'] as const);
    const results = await Promise.all(named);
    const ready = results.every(([, result]) => result === 'ok');
    const facts = Object.fromEntries([...this.facts].map(([name, fact]) => [name, fact()]));
    return { ready, checks: Object.fromEntries(results), ...(this.facts.size === 0 ? {} : { facts }) };
  }
}

async function answer(check: Check): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer in ${CHECK_TIMEOUT_MS} ms`), CHECK_TIMEOUT_MS);
  });
  try {
    return await Promise.race([check(), late]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
}
