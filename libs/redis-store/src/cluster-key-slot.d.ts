declare module 'cluster-key-slot' {
  /** The hash slot of a key, by what stands between its braces if it has any. */
  export default function calculateSlot(key: string): number;
}
