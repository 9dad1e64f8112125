import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { type SliceOutcome } from './kafka/batch-runner.js';
import { CHANGES, type HandleSlice } from './kafka/log-transport.js';
import { type RecordSlice, type Turn } from './log-record.js';
import { HANDLE_SLICE } from './tokens.js';

/** Where the log enters the application. */
@Controller()
export class ChangesController {
  constructor(@Inject(HANDLE_SLICE) private readonly handle: HandleSlice) {}

  @EventPattern(CHANGES)
  apply(@Payload() slice: RecordSlice, @Ctx() turn: Turn): Promise<SliceOutcome> {
    return this.handle(slice, turn);
  }
}
