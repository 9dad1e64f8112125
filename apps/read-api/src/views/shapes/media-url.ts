import { originHole } from '../../links.js';

/** Where a stored file is served, as a path; null for NULL and for `''`. */
export function mediaPath(stored: string | null): string | null {
  return stored === null || stored === '' ? null : `/media/${stored.split('/').map(encodeURIComponent).join('/')}`;
}

/** The same on the asking host: a hole that `fillLinks` fills. */
export function mediaUrl(stored: string | null): string | null {
  const path = mediaPath(stored);
  return path === null ? null : originHole(path);
}
