import { parseLog } from './served-statements.js';

const LOG = `2026-11-23 04:00:00.000 UTC [71] LOG:  execute begin: BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY
2026-11-23 04:00:00.000 UTC [71] LOG:  execute snapshot: SELECT pg_current_snapshot()::text
\t  AS snapshot
2026-11-23 04:00:00.000 UTC [72] LOG:  execute <unnamed>: SELECT restart_lsn FROM pg_replication_slots
2026-11-23 04:00:00.001 UTC [71] LOG:  execute 0_abc: SELECT id,
\t  name
\tFROM t WHERE a = $1 AND b = $2 AND c = $3
2026-11-23 04:00:00.001 UTC [71] DETAIL:  parameters: $1 = '5', $2 = NULL, $3 = 'it''s'
2026-11-23 04:00:00.002 UTC [71] LOG:  execute 0_def: SELECT 1
2026-11-23 04:00:00.003 UTC [71] LOG:  statement: COMMIT
2026-11-23 04:00:00.003 UTC [72] DETAIL:  parameters: $1 = 'of another session'
`;

describe('parseLog', () => {
  it('finds the statements of views, of those sessions only, with their values, over several lines, and nothing else', () => {
    expect(parseLog(LOG, new Set(['71']))).toEqual([
      { text: 'SELECT id,\n  name\nFROM t WHERE a = $1 AND b = $2 AND c = $3', values: ['5', null, "it's"] },
      { text: 'SELECT 1', values: [] },
    ]);
  });
});
