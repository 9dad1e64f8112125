import { type Suite } from './suite.js';
import { invalidate } from './suites/invalidate.js';
import { latency } from './suites/latency.js';
import { bulk } from './suites/bulk.js';
import { http } from './suites/http.js';
import { match } from './suites/match.js';
import { miss } from './suites/miss.js';
import { precision } from './suites/precision.js';
import { soak } from './suites/soak.js';
import { views } from './suites/views.js';
import { stampede } from './suites/stampede.js';
import { takeover } from './suites/takeover.js';

/** In the order in which a reader would ask. */
export const suites: readonly Suite[] = [
  latency,
  http,
  match,
  invalidate,
  stampede,
  bulk,
  miss,
  views,
  takeover,
  precision,
  soak,
];
