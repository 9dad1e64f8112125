import { Controller, Get, Header } from '@nestjs/common';
import page from './ops-page.html';

/** The page holds nothing secret: it asks for the token and reads the admin API with it. */
@Controller()
export class OpsPageController {
  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header(
    'Content-Security-Policy',
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'",
  )
  @Header('Referrer-Policy', 'no-referrer')
  page(): string {
    return page;
  }
}
