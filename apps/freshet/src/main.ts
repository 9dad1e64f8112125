import { OperatorError } from './errors.js';
import { createProgram } from './program.js';

const program = createProgram({
  env: process.env,
  say: (line) => console.log(line),
  onVerdict: (good) => {
    if (!good) process.exitCode = 1;
  },
});

program.parseAsync().catch((error: unknown) => {
  // What an operator can mend is one clear line; anything else is a fault of ours and shows where.
  console.error(error instanceof OperatorError ? `freshet: ${error.message}` : error);
  process.exitCode = 1;
});
