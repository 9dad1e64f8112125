import { createHash } from 'node:crypto';
import { partText, type Scheme } from './scheme.js';
import { escapePart } from './table-name.js';

/** The name of a tag set, e.g. `t:billing_invoice:business_id=5`. Entries that depend on such rows are listed there. */
export type Tag = string & { readonly brand: 'Tag' };

/** Longer values are stored by their digest: two values that collide share a tag, which costs precision and never correctness. */
const LONGEST_VALUE = 64;

/**
 * @param values the canonical text of each part of the scheme, in its order; null is SQL's NULL.
 * @throws RangeError when there are more or fewer values than parts.
 */
export function tag(scheme: Scheme, values: readonly (string | null)[]): Tag {
  return tagsUnder(scheme)(values);
}

/** The same for many: what all tags of a scheme share is put together once. */
export function tagsUnder({ table, parts }: Scheme): (values: readonly (string | null)[]) => Tag {
  const pieces = parts.map((part, i) => `${i === 0 ? `t:${table}:` : '&'}${partText(part)}=`);
  return (values) => {
    if (values.length !== pieces.length) throw new RangeError('a tag takes one value for each part of its scheme');
    let text = pieces.length === 0 ? `t:${table}:` : '';
    for (let i = 0; i < pieces.length; i += 1) text += (pieces[i] ?? '') + valueText(values[i] ?? null);
    return text as Tag;
  };
}

function valueText(value: string | null): string {
  if (value === null) return '~';
  if (value.length <= LONGEST_VALUE) return escapePart(value);
  return `~${createHash('sha256').update(value).digest('base64url')}`;
}
