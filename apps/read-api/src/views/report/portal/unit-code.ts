const CODES = new Map([
  ['gms', 'GMS'],
  ['gm', 'GMS'],
  ['g', 'GMS'],
  ['kg', 'KGS'],
  ['kgs', 'KGS'],
  ['pcs', 'PCS'],
  ['pc', 'PCS'],
  ['nos', 'NOS'],
  ['carat', 'CTM'],
  ['ct', 'CTM'],
]);

/** The portal's code of a unit, which the books hold as free text. */
export function unitCode(unit: string): string {
  return CODES.get(unit.trim().toLowerCase()) ?? 'OTH';
}
