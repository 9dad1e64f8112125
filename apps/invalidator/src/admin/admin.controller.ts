import {
  BadRequestException,
  Body,
  ConflictException,
  Controller,
  Get,
  Header,
  HttpCode,
  Inject,
  Post,
  ServiceUnavailableException,
} from '@nestjs/common';
import { type z } from 'zod';
import { isKafkaError, isOver, isTransient, OnStandby } from '../errors.js';
import { OPERATOR } from '../tokens.js';
import { type LogPlace } from './log-offsets.js';
import { type Operator, type Status } from './operator.js';
import { epochRequest, purgeRequest, replayRequest, switchRequest } from './requests.js';

@Controller('admin')
export class AdminController {
  constructor(@Inject(OPERATOR) private readonly operator: Operator) {}

  @Get('status')
  @Header('Cache-Control', 'no-store')
  status(): Promise<Status> {
    return this.operator.status();
  }

  @Post('epoch')
  @HttpCode(204)
  raiseEpoch(@Body() body: unknown): Promise<void> {
    return reached(this.operator.raiseEpoch(valid(epochRequest, body).reason));
  }

  @Post('purge')
  @HttpCode(200)
  async purge(@Body() body: unknown): Promise<{ deleted: number }> {
    return { deleted: await reached(this.operator.purge(valid(purgeRequest, body))) };
  }

  @Post('pause')
  @HttpCode(204)
  pause(): Promise<void> {
    return reached(this.operator.pause());
  }

  @Post('resume')
  @HttpCode(204)
  resume(): void {
    this.operator.resume();
  }

  @Post('replay')
  @HttpCode(200)
  async replay(@Body() body: unknown): Promise<{ from: readonly LogPlace[] }> {
    return { from: await reached(this.operator.replay(valid(replayRequest, body))) };
  }

  @Post('models')
  @HttpCode(200)
  async switchModel(@Body() body: unknown): Promise<{ disabled: readonly string[] }> {
    const { model, enabled } = valid(switchRequest, body);
    return { disabled: await reached(this.operator.switchModel(model, enabled)) };
  }
}

function valid<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body ?? {});
  if (result.success) return result.data;
  throw new BadRequestException(
    result.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`),
  );
}

/** What the operator can only try again later, or elsewhere, is told as such. */
function reached<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    if (error instanceof OnStandby || isOver(error)) throw new ConflictException((error as Error).message);
    if (!isTransient(error) && !isKafkaError(error)) throw error;
    throw new ServiceUnavailableException((error as Error).message);
  });
}
