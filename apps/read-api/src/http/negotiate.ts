import { ApiError, notFound } from '../api-error.js';

const NOT_ACCEPTABLE = (): ApiError => new ApiError(406, { detail: 'Could not satisfy the request Accept header.' });

/** The first check of every known path. @throws ApiError 404 on another `format`, 406 on an `Accept` without JSON */
export function negotiate(accept: string | undefined, format: string | undefined): void {
  if (format !== undefined && format !== '' && format !== 'json') throw notFound();
  if (!acceptsJson(accept)) throw NOT_ACCEPTABLE();
}

function acceptsJson(accept: string | undefined): boolean {
  if (accept === undefined || accept === '' || accept === 'application/json' || accept === '*/*') return true;
  return accept.split(',').some((range) => /^\s*(application\/json|application\/\*|\*\/\*)\s*(;|$)/i.test(range));
}
