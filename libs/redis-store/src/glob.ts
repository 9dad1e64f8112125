/** Text that stands for itself in a pattern of SCAN. */
export function globEscape(text: string): string {
  return text.replace(/[*?[\]\\]/g, '\\$&');
}
