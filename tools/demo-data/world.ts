import { gstin, pan } from './gstin.js';
import { Random } from './random.js';
import {
  FAMILY_NAMES, FIRM_NAMES, GIVEN_NAMES, PLACES, STREETS, TRADES, WARE_GRADES, WARES, type Place, type Ware,
} from './words.js'; // prettier-ignore

/** First and last day of the books: three April-to-March years. */
export const FIRST_DAY = Date.UTC(2023, 3, 1);
export const LAST_DAY = Date.UTC(2026, 2, 31);
export const DAY_MS = 86_400_000;

export interface Scale {
  readonly invoices: number;
  readonly seed: number;
}

export interface Party {
  readonly id: number;
  readonly name: string;
  readonly place: Place;
  readonly address: string;
  /** Private customers have none. */
  readonly gstin: string | null;
  readonly pan: string | null;
  readonly mobile: string;
}

export interface Business extends Party {
  readonly prefix: string;
  /** Whom it trades with, regulars first. */
  readonly customers: readonly Party[];
}

export interface Product extends Ware {
  readonly id: number;
}

/** Everything that bills refer to. Small even when the bills are a million. */
export interface World {
  readonly scale: Scale;
  readonly businesses: readonly Business[];
  readonly customers: readonly Party[];
  readonly products: readonly Product[];
}

const Stream = { businesses: 1, customers: 2, links: 3 } as const;

/** 400 invoices have 3 businesses, 40 customers and 30 products; a million have 50, 20 000 and 105. */
export function buildWorld(scale: Scale): World {
  const { invoices, seed } = scale;
  const businessCount = Math.min(50, 3 + Math.floor(invoices / 10_000));
  const customerCount = Math.max(40, Math.floor(invoices / 50));
  const customers = parties(customerCount, new Random(seed, Stream.customers), (random) => random.chance(0.35));
  const firms = parties(businessCount, new Random(seed, Stream.businesses), () => false);
  const links = new Random(seed, Stream.links);
  const businesses = firms.map((firm, i) => ({
    ...firm,
    prefix: prefixOf(firm.name) + (i < 10 ? '' : String(i)),
    customers: customers.filter((_, c) => c % businessCount === i || links.chance(0.2)),
  }));
  return { scale, businesses, customers, products: products(invoices < 5000 ? 30 : WARES.length * WARE_GRADES.length) };
}

function parties(count: number, random: Random, isPrivate: (random: Random) => boolean): Party[] {
  const taken = new Set<string>();
  return Array.from({ length: count }, (_, i) => {
    const place = random.pick(PLACES);
    const privatePerson = isPrivate(random);
    const panNumber = privatePerson ? null : pan(random);
    const name = privatePerson
      ? `${random.pick(GIVEN_NAMES)} ${random.pick(FAMILY_NAMES)}`
      : `${random.pick(FIRM_NAMES)} ${random.pick(TRADES)}, ${place.city}`;
    return {
      id: i + 1,
      name: unique(name, taken),
      place,
      address: `${random.between(1, 240)}, ${random.pick(STREETS)}, ${place.city} ${place.pin}`,
      gstin: panNumber === null ? null : gstin(place.code, panNumber),
      pan: panNumber,
      mobile: `9${String(random.between(0, 999_999_999)).padStart(9, '0')}`,
    };
  });
}

function products(count: number): Product[] {
  const all = WARE_GRADES.flatMap((grade) => WARES.map((ware) => ({ ...ware, name: ware.name + grade })));
  return all.slice(0, count).map((ware, i) => ({ ...ware, id: i + 1 }));
}

function unique(name: string, taken: Set<string>): string {
  let candidate = name;
  for (let n = 2; taken.has(candidate); n++) candidate = `${name} (${n})`;
  taken.add(candidate);
  return candidate;
}

function prefixOf(name: string): string {
  return name.replace(/[^A-Za-z ]/g, '').split(/ +/).map((word) => word.charAt(0)).join('').toUpperCase().slice(0, 4); // prettier-ignore
}

/** From the options of a command line. @throws when a number is none or out of range. */
export function scaleFrom({
  scale = '400',
  seed = '1',
}: {
  scale?: string | undefined;
  seed?: string | undefined;
}): Scale {
  const [invoices, seedNumber] = [Number(scale), Number(seed)];
  if (!Number.isInteger(invoices) || invoices < 1 || invoices > 10_000_000) {
    throw new Error('--scale is the number of invoices, from 1 to 10000000');
  }
  if (!Number.isInteger(seedNumber)) throw new Error('--seed is a whole number');
  return { invoices, seed: seedNumber };
}
