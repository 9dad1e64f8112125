import { z } from 'zod';

/** Picks the TTL table and the defaults. */
export type Mode = 'development' | 'production';

/** `test` counts as development: test runners set it. */
export function modeOf(name: string): Mode | undefined {
  if (name === 'test') return 'development';
  return name === 'development' || name === 'production' ? name : undefined;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Turns the text of one variable into a value; undefined says that it is not one. */
type Reader<T> = (text: string) => T | undefined;

function variable<T>(what: string, read: Reader<T>): z.ZodType<T, string> {
  return z.string({ error: () => `is required: ${what}` }).transform((text, context): T => {
    const value = read(text);
    if (value !== undefined) return value;
    // A text with `@` may be a URL with a password that ended up in the wrong variable.
    const got = text.includes('@') ? '' : `, got "${text}"`;
    context.addIssue({ code: 'custom', message: `expected ${what}${got}` });
    return z.NEVER;
  });
}

const SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };

function readMilliseconds(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text);
  const unit = SECONDS[match?.[2] ?? ''];
  return unit === undefined ? undefined : Math.round(Number(match?.[1]) * unit * 1000);
}

function readWhole(text: string, least: number, most: number): number | undefined {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  return value >= least && value <= most ? value : undefined;
}

function readAddress(text: string, port?: number): Address | undefined {
  const match = /^(?:\[([0-9a-fA-F:]+)\]|([^\s:/@]+))(?::(\d+))?$/.exec(text.trim());
  const host = match?.[1] ?? match?.[2];
  const at = match?.[3] === undefined ? port : readWhole(match[3], 1, 65_535);
  return host === undefined || at === undefined ? undefined : { host, port: at };
}

function readAddresses(text: string, port: number): Address[] | undefined {
  const addresses = text.split(',').map((part) => readAddress(part, port));
  return addresses.every((address) => address !== undefined) ? addresses : undefined;
}

const FLAGS: Readonly<Record<string, boolean>> = { true: true, '1': true, false: false, '0': false };

export const port = (): z.ZodType<number, string> =>
  variable('a port between 1 and 65535', (t) => readWhole(t, 1, 65_535));
export const whole = (least: number, most: number): z.ZodType<number, string> =>
  variable(`a whole number between ${least} and ${most}`, (t) => readWhole(t, least, most));
export const flag = (): z.ZodType<boolean, string> => variable('true or false', (t) => FLAGS[t.toLowerCase()]);
export const milliseconds = (): z.ZodType<number, string> =>
  variable('a duration such as 15m, 10s or 250ms', readMilliseconds);
export const seconds = (): z.ZodType<number, string> => milliseconds().transform((ms) => ms / 1000);
export const addresses = (defaultPort: number): z.ZodType<Address[], string> =>
  variable('host:port, several separated by commas', (t) => readAddresses(t, defaultPort));
export const oneOf = <const T extends string>(...choices: readonly T[]): z.ZodType<T, string> =>
  variable(choices.join(' or '), (t) => choices.find((choice) => choice === t));

/** A secret: its text never appears in a message. */
export const secret = (what: string): z.ZodType<string> => z.string({ error: () => `is required: ${what}` });
export const text = (what: string): z.ZodType<string> => z.string({ error: () => `is required: ${what}` });

export const url = (what: string, ...protocols: readonly string[]): z.ZodType<URL, string> =>
  z.string({ error: () => `is required: ${what}` }).transform((value, context): URL => {
    if (URL.canParse(value) && protocols.includes(new URL(value).protocol)) return new URL(value);
    // Not echoed: such a text usually holds a password.
    context.addIssue({ code: 'custom', message: `expected ${what}` });
    return z.NEVER;
  });
