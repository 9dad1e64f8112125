import { BOOK, Bookshop } from '../testing/bookshop.js';
import { carryOut, type Check, type Finding, type Patient } from './check.js';
import { clocks, fills, heartbeat, slot, watermark } from './movement.js';
import { capturedTables, eventTriggers, operations, replicaIdentity, walLevel } from './publication.js';
import { readerRole } from './reader-role.js';
import { keyAgreement } from './store.js';

describe('doctor', () => {
  let shop: Bookshop;
  let book: string;

  beforeAll(async () => {
    shop = await Bookshop.open();
  });
  afterAll(() => shop.close());
  beforeEach(async () => {
    await shop.stock();
    book = await shop.shelve('book.get', 1, { ...BOOK, values: ['1'] });
  });

  const look = (check: Check, whilePausing: () => Promise<unknown> = async () => undefined): Promise<Finding> => {
    const patient: Patient = {
      redis: shop.redis,
      database: shop.database,
      publication: 'freshet',
      slot: 'freshet',
      connect: undefined,
      connector: 'freshet',
      pause: async () => void (await whilePausing()),
      nowMs: Date.now,
    };
    return carryOut(check, patient);
  };
  /** What the check finds while a change of the database stands. */
  const under = async (check: Check, change: string, undo: string): Promise<Finding> => {
    await shop.database.query(change);
    try {
      return await look(check);
    } finally {
      await shop.database.query(undo);
    }
  };

  it('takes a publication that carries everything for good, and names what one leaves out', async () => {
    expect(await look(operations)).toMatchObject({ state: 'ok' });
    const finding = await under(
      operations,
      "ALTER PUBLICATION freshet SET (publish = 'insert, update, delete')",
      "ALTER PUBLICATION freshet SET (publish = 'insert, update, delete, truncate')",
    );
    expect(finding).toMatchObject({ state: 'fail', said: 'freshet leaves out truncate' });
  });

  it('finds a table that statements read and the publication lacks', async () => {
    expect(await look(capturedTables)).toMatchObject({ state: 'ok' });
    const [drop, add] = ['DROP', 'ADD'].map((verb) => `ALTER PUBLICATION freshet ${verb} TABLE book`) as [
      string,
      string,
    ];
    expect(await under(capturedTables, drop, add)).toMatchObject({
      state: 'fail',
      said: 'read but not published: book',
    });
  });

  it('finds a table that is published in part', async () => {
    const finding = await under(
      capturedTables,
      'ALTER PUBLICATION freshet SET TABLE book (id), shelf, freshet_heartbeat',
      'ALTER PUBLICATION freshet SET TABLE book, shelf, freshet_heartbeat',
    );
    expect(finding).toMatchObject({ state: 'fail', said: 'published in part: book' });
  });

  it('warns of a table without full replica identity, with the command that mends it', async () => {
    await shop.database.query('ALTER TABLE freshet_heartbeat REPLICA IDENTITY FULL');
    expect(await look(replicaIdentity)).toMatchObject({ state: 'ok' });
    const finding = await under(
      replicaIdentity,
      'ALTER TABLE book REPLICA IDENTITY DEFAULT',
      'ALTER TABLE book REPLICA IDENTITY FULL',
    );
    expect(finding).toMatchObject({ state: 'warn', mend: 'ALTER TABLE public.book REPLICA IDENTITY FULL' });
  });

  it('fails where schema changes are not logged, where there is no slot, and where nothing can be decoded', async () => {
    expect(await look(eventTriggers)).toMatchObject({ state: 'fail' });
    expect(await look(slot)).toMatchObject({ state: 'fail', said: 'there is no slot freshet' });
    const { rows } = await shop.database.query<{ wal_level: string }>('SHOW wal_level');
    expect(await look(walLevel)).toMatchObject({ state: rows[0]?.wal_level === 'logical' ? 'ok' : 'fail' });
  });

  it('looks twice whether the heartbeat moves', async () => {
    expect(await look(heartbeat)).toMatchObject({ state: 'fail' });
    const beat = (): Promise<unknown> => shop.database.query('UPDATE freshet_heartbeat SET seq = seq + 1');
    expect(await look(heartbeat, beat)).toMatchObject({ state: 'ok' });
  });

  it('looks twice whether the watermark moves', async () => {
    expect(await look(watermark)).toMatchObject({ state: 'fail' });
    const move = (): Promise<unknown> => shop.redis.hset('{freshet}control', 'watermark', Date.now());
    expect(await look(watermark, move)).toMatchObject({ state: 'ok' });
    expect(await look(watermark, () => shop.redis.hset('{freshet}control', 'watermark', Date.now() - 60_000))).toMatchObject({ state: 'fail' }); // prettier-ignore
  });

  it('looks twice whether fills are on hold', async () => {
    expect(await look(fills)).toMatchObject({ state: 'ok' });
    await shop.redis.holdFills('{freshet}control', '{freshet}fence', '{freshet}applied', 'orders/2', '41');
    const over = (): Promise<unknown> => shop.redis.hdel('{freshet}control', 'hold');
    const said = 'on hold since something of orders/2 was lost at offset 41: nothing is stored';
    expect(await look(fills)).toMatchObject({ state: 'warn', said });
    expect(await look(fills, over)).toMatchObject({ state: 'ok', said: 'may be stored again after a loss' });
  });

  it('fails on an entry that no change would find', async () => {
    expect(await look(keyAgreement)).toMatchObject({ state: 'ok' });
    await shop.redis.zrem('t:book:id=1', book);
    expect(await look(keyAgreement)).toMatchObject({ state: 'fail', said: `${book} is not listed under t:book:id=1` });
  });

  it('fails on a scheme that it cannot read', async () => {
    await shop.redis.sadd('{freshet}schemes', 'book:id//what');
    expect(await look(keyAgreement)).toMatchObject({ state: 'fail' });
  });

  it('warns where the reading role is a superuser, and fails where it cannot read', async () => {
    expect(await look(readerRole)).toMatchObject({ state: 'warn', said: 'postgres is a superuser' });
    const role = `freshet_cli_reader_${process.pid}`;
    await shop.database.query(`CREATE ROLE ${role}`);
    try {
      expect(await under(readerRole, `SET ROLE ${role}`, 'RESET ROLE')).toMatchObject({ state: 'fail' });
      await shop.database.query(`GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role}`);
      expect(await under(readerRole, `SET ROLE ${role}`, 'RESET ROLE')).toMatchObject({ state: 'ok' });
      await shop.database.query(`GRANT DELETE ON book TO ${role}`);
      expect(await under(readerRole, `SET ROLE ${role}`, 'RESET ROLE')).toMatchObject({ state: 'warn', said: `${role} may write to book` }); // prettier-ignore
    } finally {
      await shop.database.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });

  it('measures three clocks against each other', async () => {
    expect((await look(clocks)).said).toMatch(/^database -?\d+ ms, Redis -?\d+ ms from this host$/);
  });
});
