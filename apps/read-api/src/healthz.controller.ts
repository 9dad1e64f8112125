import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import { type Pool } from 'pg';
import { POOL } from './tokens.js';

interface Reply {
  status(code: number): unknown;
}

/** The original's own probe, blanks included, so that both can stand behind one gateway. */
@Controller()
export class HealthzController {
  constructor(@Inject(POOL) private readonly pool: Pool) {}

  @Get('healthz')
  @Header('Content-Type', 'application/json')
  @Header('Cache-Control', 'no-store')
  async healthz(@Res({ passthrough: true }) reply: Reply): Promise<string> {
    const reachable = await this.pool.query('SELECT 1').then(
      () => true,
      () => false,
    );
    reply.status(reachable ? 200 : 503);
    return reachable ? '{"ok": true, "db": true}' : '{"ok": false, "db": false}';
  }
}
