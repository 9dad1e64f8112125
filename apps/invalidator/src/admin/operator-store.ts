import { StoreUnavailable } from '@freshet/cache-engine';
import { controlKeys, type CacheKey } from '@freshet/cache-keys';
import { scanPages, type StoreConnection } from '@freshet/redis-store';
import switchModel from './switch-model.lua';

/** What the store says of itself. */
export interface StoreSummary {
  readonly epoch: number | undefined;
  readonly watermarkMs: number | undefined;
  readonly fenceSize: number;
  readonly disabled: readonly string[];
}

/** What an operator needs of the store beyond what invalidation needs. Every method throws StoreUnavailable. */
export interface OperatorStore {
  summary(): Promise<StoreSummary>;
  /** The keys of a view's entries, in pages. */
  keysOfView(view: string): AsyncIterable<readonly CacheKey[]>;
  /** Switches caching of one model (`*`: of all) off or on. Resolves to those that are off now. */
  switchModel(model: string, enabled: boolean): Promise<readonly string[]>;
}

const { control, fence } = controlKeys;

export class RedisOperatorStore implements OperatorStore {
  constructor(private readonly redis: StoreConnection) {}

  async summary(): Promise<StoreSummary> {
    const [[epoch, watermark, disabled], fenceSize] = await reach(
      Promise.all([this.redis.hmget(control, 'epoch', 'watermark', 'disabled'), this.redis.zcard(fence)]),
    );
    return { epoch: numberOf(epoch), watermarkMs: numberOf(watermark), fenceSize, disabled: listOf(disabled) };
  }

  async *keysOfView(view: string): AsyncIterable<readonly CacheKey[]> {
    const pattern = `e:${view.replace(/[*?[\]\\]/g, '\\$&')}@*`;
    const pages = scanPages(this.redis, pattern)[Symbol.asyncIterator]();
    for (;;) {
      const page = await reach(pages.next());
      if (page.done === true) return;
      yield page.value as readonly CacheKey[];
    }
  }

  async switchModel(model: string, enabled: boolean): Promise<readonly string[]> {
    const off = await reach(this.redis.eval(switchModel, 1, control, model, enabled ? 'on' : 'off'));
    return listOf(off as string);
  }
}

function reach<T>(answer: Promise<T>): Promise<T> {
  return answer.catch((error: unknown) => {
    throw new StoreUnavailable(error);
  });
}

function numberOf(text: string | null | undefined): number | undefined {
  return text === null || text === undefined ? undefined : Number(text);
}

function listOf(text: string | null | undefined): readonly string[] {
  return text === null || text === undefined || text === '' ? [] : text.split(',');
}
