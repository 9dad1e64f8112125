import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import { type Registry } from 'prom-client';
import { Health } from './health.js';

export const HEALTH = Symbol('Health');
export const METRICS = Symbol('Metrics');

interface Reply {
  status(code: number): unknown;
}

/** What an operator's machinery asks of every service. */
@Controller()
export class OperationsController {
  constructor(
    @Inject(HEALTH) private readonly health: Health,
    @Inject(METRICS) private readonly registry: Registry,
  ) {}

  @Get('live')
  @Header('Cache-Control', 'no-store')
  live(): { alive: true } {
    return { alive: true };
  }

  @Get('ready')
  @Header('Cache-Control', 'no-store')
  async ready(@Res({ passthrough: true }) reply: Reply): Promise<unknown> {
    const readiness = await this.health.readiness();
    reply.status(readiness.ready ? 200 : 503);
    return readiness;
  }

  @Get('metrics')
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  metrics(): Promise<string> {
    return this.registry.metrics();
  }
}
