/** Measurements of one thing, in the order they came. */
export class Samples {
  private sorted: Float64Array | undefined;
  private readonly values: number[] = [];

  add(value: number): void {
    this.values.push(value);
    this.sorted = undefined;
  }

  get count(): number {
    return this.values.length;
  }

  /** The smallest measured value that at least that share of all does not exceed. NaN of nothing. */
  quantile(share: number): number {
    const sorted = this.inOrder();
    return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
  }

  get p50(): number {
    return this.quantile(0.5);
  }

  get p99(): number {
    return this.quantile(0.99);
  }

  get max(): number {
    return this.quantile(1);
  }

  private inOrder(): Float64Array {
    this.sorted ??= Float64Array.from(this.values).sort();
    return this.sorted;
  }
}

/** `p50, p90, p99, max`, as cells of a table. */
export function spread(samples: Samples, digits = 2): string[] {
  return [0.5, 0.9, 0.99, 1].map((share) => samples.quantile(share).toFixed(digits));
}
