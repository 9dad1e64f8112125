import { type Scheme, type StatementId, type Tag } from '@freshet/cache-keys';
import { analyse, type Analysis, readTags, refuseValues, type Catalog, type Footprint } from '@freshet/footprint';
import { type Statement } from './source.js';

/** What a statement with its values must register before it is sent. */
export type Described =
  | {
      readonly kind: 'cacheable';
      readonly id: StatementId;
      readonly json: string;
      readonly tags: readonly Tag[];
      readonly schemes: readonly Scheme[];
      /** Of the catalogue that this follows from. */
      readonly schemaVersion: number | undefined;
    }
  | { readonly kind: 'refused'; readonly reasons: readonly string[] };

type Known =
  | { readonly kind: 'cacheable'; readonly footprint: Footprint; readonly json: string }
  | { readonly kind: 'refused'; readonly reasons: readonly string[] };

/** Texts are few (a view has some forms), but one that puts values into its text must not fill the memory. */
const MOST_TEXTS = 5000;

/** Knows what each statement reads, as of one version of the schema. */
export class StatementRegistry {
  private readonly known = new Map<string, Known>();
  private catalog: Catalog | undefined;
  private version: number | undefined;

  /** Undefined before the catalogue was read for the first time: nothing can be stored yet. */
  get schemaVersion(): number | undefined {
    return this.version;
  }

  /** Takes a new catalogue; everything analysed under an older one is forgotten. */
  load(catalog: Catalog, schemaVersion: number): void {
    this.catalog = catalog;
    this.version = schemaVersion;
    this.known.clear();
  }

  describe(statement: Statement): Described {
    const known = this.analysed(statement);
    if (known.kind === 'refused') return known;
    const refused = refuseValues(known.footprint, statement.values);
    if (refused !== undefined) return { kind: 'refused', reasons: [`${refused.construct}: ${refused.reason}`] };
    const { tags, schemes } = readTags(known.footprint, statement.values);
    return { kind: 'cacheable', id: known.footprint.id, json: known.json, tags, schemes, schemaVersion: this.version };
  }

  private analysed(statement: Statement): Known {
    if (this.catalog === undefined) return { kind: 'refused', reasons: ['the catalogue is not read yet'] };
    const memoKey = `${statement.name}\n${statement.text}`;
    const memo = this.known.get(memoKey);
    if (memo !== undefined) return memo;
    const known = toKnown(analyse({ name: statement.name, text: statement.text }, this.catalog));
    if (this.known.size >= MOST_TEXTS) this.known.clear();
    this.known.set(memoKey, known);
    return known;
  }
}

function toKnown(analysis: Analysis): Known {
  if (analysis.kind === 'refused') {
    return { kind: 'refused', reasons: analysis.reasons.map(({ construct, reason }) => `${construct}: ${reason}`) };
  }
  return { kind: 'cacheable', footprint: analysis.footprint, json: JSON.stringify(analysis.footprint) };
}
