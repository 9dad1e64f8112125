/** Runs a command of the terminal: an error becomes one message without a stack trace, and exit code 1. */
export async function run(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    console.error(textOf(error));
    process.exitCode = 1;
  }
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const causes = error.cause === undefined ? '' : `\n  because: ${textOf(error.cause)}`;
  return error.message + causes;
}
