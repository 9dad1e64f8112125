import { createHash, timingSafeEqual } from 'node:crypto';
import { type CanActivate, type ExecutionContext, UnauthorizedException } from '@nestjs/common';
import { AdminController } from './admin.controller.js';

/** Lets nobody into the admin API without its token. Stands in front of the controller, not of a path: paths can be spelled in many ways. */
export class AdminGuard implements CanActivate {
  private readonly wanted: Buffer;

  constructor(token: string) {
    this.wanted = digest(`Bearer ${token}`);
  }

  canActivate(context: ExecutionContext): boolean {
    if (context.getClass() !== AdminController) return true;
    const request = context.switchToHttp().getRequest<{ headers: { authorization?: string } }>();
    // Digests have one length, so the comparison tells nothing about the token, not even how long it is.
    if (timingSafeEqual(digest(request.headers.authorization ?? ''), this.wanted)) return true;
    throw new UnauthorizedException('the admin API needs its token');
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
