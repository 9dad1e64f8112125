import { OperatorError } from './errors.js';

const ANSWER_MS = 10_000;

/** One request to a service. @throws OperatorError when it cannot be reached. */
export async function ask(url: string, init: RequestInit = {}): Promise<Response> {
  if (!URL.canParse(url)) throw new OperatorError(`"${url}" is not a URL`);
  try {
    return await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS), ...init });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new OperatorError(`${new URL(url).origin} cannot be reached: ${cause}`);
  }
}

export async function fetchText(url: string): Promise<string> {
  const answer = await ask(url);
  if (!answer.ok) throw new OperatorError(`${url} answers ${answer.status}`);
  return answer.text();
}
