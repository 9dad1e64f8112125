/** Statements for which PostgreSQL's planner shuts out rows that we let in, and why we do. */
export const NARROWER: Readonly<Record<string, string>> = {
  'join.removable a': 'a join that no output needs is not removed',
  'types.text.case-collation a': 'equality under a collation that folds',
  'types.text.case-collation c': 'equality under a collation that folds',
  'types.text.collation-order a': 'the order of a collation other than C',
  'types.text.collation-order b': 'the order of a collation other than C',
  'types.text.citext a': 'an extension’s type',
  'types.text.citext b': 'an extension’s type',
  'types.text.unicode c': 'normalize() is not computed',
  'types.enum.order c': 'texts of labels in the order of a collation',
  'types.net.inet a': 'addresses are not computed',
  'types.net.inet b': 'addresses are not computed',
  'types.composite.column a': 'composite values are not computed',
  'types.composite.column b': 'composite values are not computed',
  'edge.fails c': 'a cast that may fail outweighs the other condition: the planner may evaluate it first',
};
