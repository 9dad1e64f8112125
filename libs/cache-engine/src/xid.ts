/**
 * The log names transactions by 32 bits, snapshots by 64. Two ids are at most 2^31 apart as long as both are in use (PostgreSQL
 * sees to that), so comparing modulo 2^32 is exact, also across a wrap-around.
 */
const RANGE = 2n ** 32n;
const HALF = 2n ** 31n;

/** The 64-bit id next to `near` that the log writes as `xid`. */
export function widen(xid: number, near: bigint): bigint {
  const distance = BigInt.asIntN(32, BigInt(xid) - near);
  return near + distance;
}

export function narrow(xid: bigint): number {
  return Number(((xid % RANGE) + RANGE) % RANGE);
}

/** Whether `a` was handed out before `b`, both 32-bit. */
export function precedes(a: number, b: number): boolean {
  const ahead = (((BigInt(b) - BigInt(a)) % RANGE) + RANGE) % RANGE;
  return ahead > 0n && ahead < HALF;
}
