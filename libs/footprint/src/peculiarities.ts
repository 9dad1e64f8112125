interface Surroundings {
  readonly settings: Readonly<Record<string, string>>;
  readonly casts: readonly (readonly [target: string, implicit: boolean])[];
  readonly searchPath: readonly string[];
}

/** Each by itself would have the analysis read a statement otherwise than PostgreSQL does. */
export function peculiaritiesOf({ settings, casts, searchPath }: Surroundings): readonly string[] {
  const ahead = searchPath
    .slice(0, Math.max(0, searchPath.indexOf('pg_catalog')))
    .filter((space) => !space.startsWith('pg_temp'));
  return [
    ...(settings['transform_null_equals'] === 'on' ? ['the setting transform_null_equals'] : []),
    ...(settings['standard_conforming_strings'] === 'off' ? ['the setting standard_conforming_strings'] : []),
    ...(ahead.length > 0 ? [`search_path: ${ahead.join(', ')} before pg_catalog`] : []),
    ...casts
      .filter(([, implicit]) => implicit)
      .map(([target]) => `an implicit cast to ${target} by a user-defined function`),
  ];
}
