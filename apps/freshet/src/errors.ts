/** What an operator did or wants cannot be done; the message says it all, so no stack trace follows. */
export class OperatorError extends Error {
  readonly code = 'OPERATOR_ERROR';
}
