import { setImmediate as turn } from 'node:timers/promises';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, type MicroserviceOptions, Payload } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { freeTurn, heartbeat, sliceOf } from '../../test/records.js';
import { StandInConsumer } from '../../test/stand-in-consumer.js';
import { type RecordSlice } from '../log-record.js';
import { LogFeed } from './log-feed.js';
import { CHANGES, type HandleSlice, LogTransport } from './log-transport.js';

const HANDLE = Symbol('handle');

@Controller()
class SliceController {
  constructor(@Inject(HANDLE) private readonly handle: HandleSlice) {}

  @EventPattern(CHANGES)
  apply(@Payload() slice: RecordSlice, @Ctx() turn: typeof freeTurn) {
    return this.handle(slice, turn);
  }
}

async function listen(handle: HandleSlice) {
  const client = new StandInConsumer();
  let deliver: HandleSlice = handle;
  const transport = new LogTransport(
    (into) => {
      deliver = into;
      return new LogFeed({
        createConsumer: () => client.asConsumer,
        topics: ['changes'],
        handle: into,
        take: async () => undefined,
        positionOf: async () => undefined,
        onSignOfLife: () => undefined,
        onState: () => undefined,
        onAssigned: () => undefined,
      });
    },
    (error) => {
      throw error;
    },
  );
  const module = await Test.createTestingModule({
    controllers: [SliceController],
    providers: [{ provide: HANDLE, useValue: handle }],
  }).compile();
  const app = module.createNestApplication(new FastifyAdapter(), { logger: false });
  app.connectMicroservice<MicroserviceOptions>({ strategy: transport });
  await app.startAllMicroservices();
  await client.running;
  return { app, client, deliver };
}

describe('LogTransport', () => {
  test('the handler gets the slice and its turn, and its outcome comes back', async () => {
    const got: unknown[] = [];
    const { app, deliver } = await listen(async (slice, own) => {
      got.push(slice, own);
      return { kind: 'over' };
    });
    const slice = sliceOf([heartbeat(1)]);
    expect(await deliver(slice, freeTurn)).toEqual({ kind: 'over' });
    expect(got[0]).toBe(slice);
    expect(got[1]).toBe(freeTurn);
    await app.close();
  });

  test('an error of the handler comes back as the error it was', async () => {
    const error = new TypeError('bug');
    const { app, deliver } = await listen(async () => ({ kind: 'failed', error }));
    expect(await deliver(sliceOf([heartbeat(1)]), freeTurn)).toEqual({ kind: 'failed', error });
    await app.close();
  });

  test('closing the application leaves the group', async () => {
    const { app, client } = await listen(async () => ({ kind: 'done' }));
    await app.close();
    await turn();
    expect(client.calls).toContain('disconnect');
  });
});
