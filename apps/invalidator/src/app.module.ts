import { setTimeout as pause } from 'node:timers/promises';
import { type ChangeStore, Invalidator } from '@freshet/cache-engine';
import {
  createMetrics,
  type Health,
  HEALTH,
  type Logger,
  METRICS,
  OperationsController,
  type Tracing,
} from '@freshet/service-kit';
import { type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { type Kafka } from 'kafkajs';
import { type Registry } from 'prom-client';
import { AdminController } from './admin/admin.controller.js';
import { AdminGuard } from './admin/admin-guard.js';
import { placeFinder } from './admin/log-offsets.js';
import { Operator } from './admin/operator.js';
import { type OperatorStore } from './admin/operator-store.js';
import { OpsPageController } from './admin/ops-page.controller.js';
import { ChangesController } from './changes.controller.js';
import { type InvalidatorEnvironment } from './environment.js';
import { invalidation, type Engine, type InvalidationListener } from './invalidation.js';
import { createConsumer, createKafka, createProducer } from './kafka/client.js';
import { deadLetterSender } from './kafka/dead-letters.js';
import { IdleStreams } from './kafka/idle-streams.js';
import { LogFeed } from './kafka/log-feed.js';
import { type HandleSlice, LogTransport } from './kafka/log-transport.js';
import { partitionEnds } from './kafka/partition-ends.js';
import { Stalled } from './errors.js';
import { engineLog, invalidationLog, tellState } from './logs.js';
import { assignmentMetric, engineMetrics, invalidationMetrics } from './metrics.js';
import { isolatePoison } from './policies/isolate-poison.js';
import { type Retry, retrying, retryTransient } from './policies/retry-transient.js';
import { settle } from './policies/settle.js';
import { progressingStore } from './progressing-store.js';
import { ProgressBoard } from './progress-board.js';
import * as tokens from './tokens.js';
import { noteSlices, tracedChanges, tracedSlices } from './tracing.js';
import { Turns } from './turns.js';
import { Watchdog } from './watchdog.js';

const STORE_RETRY = { firstPauseMs: 50, longestPauseMs: 2000 };
/** How often the watchdog looks. */
export const LOOK_EVERY_MS = 1000;

/** What comes from outside: the process's own, and the store, which tests wrap. */
export interface AppParts {
  readonly environment: InvalidatorEnvironment;
  readonly logger: Logger;
  readonly health: Health;
  readonly changeStore: ChangeStore;
  readonly operatorStore: OperatorStore;
  readonly listen: InvalidationListener;
  readonly tracing: Tracing | undefined;
  /** Called with an error that waiting cannot mend. */
  readonly onFatal: (error: unknown) => void;
}

/** Names the class for Nest; everything is wired by `appModule`. */
class AppModule {}

export function appModule(parts: AppParts): DynamicModule {
  const { environment, logger, health, changeStore, operatorStore, listen: also, tracing, onFatal } = parts;
  const { kafka: kafkaConfig, watch, admin } = environment;
  return {
    module: AppModule,
    controllers: [OperationsController, OpsPageController, AdminController, ChangesController],
    providers: [
      { provide: HEALTH, useValue: health },
      { provide: METRICS, useFactory: () => createMetrics('invalidator') },
      { provide: APP_GUARD, useFactory: () => new AdminGuard(admin.token) },
      { provide: tokens.BOARD, useFactory: () => new ProgressBoard() },
      { provide: tokens.TURNS, useFactory: () => new Turns() },
      { provide: tokens.KAFKA, useFactory: () => createKafka(kafkaConfig, logger) },
      {
        provide: tokens.WATCHDOG,
        useFactory: () =>
          new Watchdog({
            patience: Math.ceil(watch.stallMs / LOOK_EVERY_MS),
            onDead: () => onFatal(new Stalled(watch.stallMs / 1000)),
          }),
      },
      {
        provide: tokens.IDLE_STREAMS,
        useFactory: (kafka: Kafka) =>
          new IdleStreams({
            endsOf: partitionEnds(() => kafka.admin()),
            settle: (ends, watermarkMs) => changeStore.settle(ends, watermarkMs),
            graceMs: kafkaConfig.partitionGraceMs,
            nowMs: () => performance.now(),
          }),
        inject: [tokens.KAFKA],
      },
      {
        provide: tokens.LISTENER,
        useFactory: (
          registry: Registry,
          board: ProgressBoard,
          watchdog: Watchdog,
          idle: IdleStreams,
        ): InvalidationListener =>
          tellAll([
            invalidationMetrics(registry, Date.now),
            invalidationLog(logger),
            board.listen,
            watchdog.signOfLife,
            idle.listen,
            also,
            ...(tracing === undefined ? [] : [noteSlices(tracing)]),
          ]),
        inject: [METRICS, tokens.BOARD, tokens.WATCHDOG, tokens.IDLE_STREAMS],
      },
      {
        provide: tokens.CHANGE_STORE,
        useFactory: (turns: Turns, watchdog: Watchdog) =>
          progressingStore(tracedChanges(changeStore, tracing), () => {
            watchdog.signOfLife();
            return turns.heartbeat();
          }),
        inject: [tokens.TURNS, tokens.WATCHDOG],
      },
      {
        provide: tokens.ENGINE,
        useFactory: (store: ChangeStore, registry: Registry) =>
          new Invalidator(store, tellAll([engineMetrics(registry), engineLog(logger)])),
        inject: [tokens.CHANGE_STORE, METRICS],
      },
      {
        provide: tokens.RETRY,
        useFactory: (listen: InvalidationListener) => retrying({ ...STORE_RETRY, pause, listen }),
        inject: [tokens.LISTENER],
      },
      {
        // A batch's way: condemn what cannot be applied ← wait while the store is away ← apply.
        provide: tokens.HANDLE_SLICE,
        useFactory: (engine: Engine, kafka: Kafka, listen: InvalidationListener, turns: Turns, retry: Retry) => {
          const sendDeadLetters = deadLetterSender({ producer: createProducer(kafka), admin: kafka.admin() });
          const apply = invalidation({ engine, sendDeadLetters, listen });
          return settle(tracedSlices(turns.during(isolatePoison(retryTransient(apply, retry))), tracing));
        },
        inject: [tokens.ENGINE, tokens.KAFKA, tokens.LISTENER, tokens.TURNS, tokens.RETRY],
      },
      {
        provide: tokens.TRANSPORT,
        useFactory: (
          engine: Engine,
          kafka: Kafka,
          watchdog: Watchdog,
          retry: Retry,
          registry: Registry,
          idle: IdleStreams,
        ) => {
          const makeFeed = (handle: HandleSlice): LogFeed =>
            new LogFeed({
              createConsumer: (activeSince) => createConsumer(kafka, kafkaConfig, activeSince),
              topics: kafkaConfig.topics,
              handle,
              take: (streams, turn) => retry(turn, () => engine.take(streams)),
              positionOf: ({ topic, partition }, turn) => retry(turn, () => engine.positionOf(topic, partition)),
              onSignOfLife: watchdog.signOfLife,
              onState: (state) => tellState(logger, state),
              onAssigned: tellAll([assignmentMetric(registry), idle.assign]),
            });
          return new LogTransport(makeFeed, onFatal);
        },
        inject: [tokens.ENGINE, tokens.KAFKA, tokens.WATCHDOG, tokens.RETRY, METRICS, tokens.IDLE_STREAMS],
      },
      {
        provide: tokens.OPERATOR,
        useFactory: (
          engine: Engine,
          changes: ChangeStore,
          board: ProgressBoard,
          transport: LogTransport,
          kafka: Kafka,
        ) =>
          new Operator({
            engine,
            changes,
            store: operatorStore,
            board,
            feed: transport.feed,
            findPlaces: placeFinder(() => kafka.admin(), kafkaConfig.topics),
            nowMs: Date.now,
          }),
        inject: [tokens.ENGINE, tokens.CHANGE_STORE, tokens.BOARD, tokens.TRANSPORT, tokens.KAFKA],
      },
    ],
  };
}

function tellAll<E>(listeners: readonly ((event: E) => void)[]): (event: E) => void {
  return (event) => {
    for (const listen of listeners) listen(event);
  };
}
