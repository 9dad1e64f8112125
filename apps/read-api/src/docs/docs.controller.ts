import { Controller, Get, Header } from '@nestjs/common';
import { apiRoutes } from '../routes.js';
import page from './docs.html';
import { openApi, type OpenApi } from './openapi.js';

/** What the API offers, for people and for tools. */
@Controller()
export class DocsController {
  private readonly document = openApi(apiRoutes());

  @Get('openapi.json')
  openApi(): OpenApi {
    return this.document;
  }

  @Get('docs')
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', "default-src 'self'; script-src 'unsafe-inline'; style-src 'unsafe-inline'")
  docs(): string {
    return page;
  }
}
