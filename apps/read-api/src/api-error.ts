/** An answer other than 200 that the contract words exactly. Thrown by `params` and by the shell; never stored. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly body: unknown,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(`HTTP ${status}`);
  }
}

export const badParameter = (name: string): ApiError =>
  new ApiError(400, { detail: `Invalid value for query parameter '${name}'.` });

export const notFound = (detail = 'Not found.'): ApiError => new ApiError(404, { detail });
