import { StoreUnavailable, type EngineEvent } from '@freshet/cache-engine';
import { createLogger } from '@freshet/service-kit';
import { tellTrouble } from './trouble.js';

describe('what the log says of trouble', () => {
  const failed = (why: string, step: 'lookup' | 'fill' = 'lookup'): EngineEvent => ({
    kind: 'store-failed',
    step,
    error: new StoreUnavailable(new Error(why)),
  });
  let lines: string[];
  let nowMs: number;
  let tell: ReturnType<typeof tellTrouble>;

  beforeEach(() => {
    lines = [];
    nowMs = 0;
    const destination = { write: (line: string): void => void lines.push(line) };
    tell = tellTrouble(createLogger({ service: 'test', level: 'info', destination }), () => nowMs);
  });
  const said = (): unknown[] => lines.splice(0).map((line) => JSON.parse(line) as unknown);

  it('names the step and the reason of the store', () => {
    tell(failed('Connection is closed.'));
    const [line] = said();
    expect(line).toMatchObject({ step: 'lookup', times: 1, msg: 'a read goes past the store' });
    expect(JSON.stringify(line)).toContain('Connection is closed.');
  });

  it('says the same once in ten seconds, and then how often it came', () => {
    for (let i = 0; i < 1000; i += 1) tell(failed('away'));
    expect(said()).toHaveLength(1);
    nowMs = 10_000;
    tell(failed('away'));
    expect(said()).toMatchObject([{ times: 1000 }]);
  });

  it('says another reason, another step and a statement that is refused at once', () => {
    tell(failed('away'));
    tell(failed('full'));
    tell(failed('away', 'fill'));
    tell({ kind: 'refused-statement', statement: 'item.now', reasons: ['now(): depends on the clock'] });
    expect(said()).toMatchObject([{}, {}, {}, { statement: 'item.now', reasons: ['now(): depends on the clock'] }]);
  });

  it('says nothing of what is no trouble', () => {
    tell({ kind: 'read', view: 'item', outcome: 'hit', detail: undefined });
    expect(said()).toEqual([]);
  });
});
