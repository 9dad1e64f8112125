import { text } from '../../parameters.js';
import { type ViewRequest } from '../../view.js';

/** Stands for every single character: too little to look for. */
export const TOO_SHORT = '';

/** What is typed into a box that completes names; undefined when nothing is. @throws ApiError 400 */
export function typedText(request: ViewRequest, name: string): string | undefined {
  // A lone NUL byte is too short to be looked for, hence no fault.
  const typed = request.query[name] ?? '';
  return Array.from(typed).length === 1 ? TOO_SHORT : text(request, name);
}
