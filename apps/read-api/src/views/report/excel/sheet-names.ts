const LONGEST = 31;
/** What Excel does not allow in the name of a sheet. */
const FORBIDDEN = /[[\]:*?/\\]/g;
const NO_NAME = 'Sheet';
/** Excel keeps this one for itself. */
const KEPT = 'history';

/** One name for each business: the beginning of its own, and a number where that is taken. Excel does not tell capitals from small letters. */
export function sheetNames(businesses: readonly string[]): readonly string[] {
  const taken = new Set<string>([KEPT]);
  return businesses.map((business) => {
    const plain = plainName(business);
    let name = plain;
    for (let number = 1; taken.has(name.toLowerCase()); number += 1) {
      name = plain.slice(0, LONGEST - String(number).length) + String(number);
    }
    taken.add(name.toLowerCase());
    return name;
  });
}

function plainName(business: string): string {
  const name = shortened(business).replace(FORBIDDEN, '_').replace(/^'|'$/g, '_');
  return name.trim() === '' ? NO_NAME : name;
}

/** Characters are not cut in halves, yet Excel counts code units. */
function shortened(text: string): string {
  let name = '';
  for (const character of text) {
    if (name.length + character.length > LONGEST) break;
    name += character;
  }
  return name;
}
