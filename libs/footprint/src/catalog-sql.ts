/**
 * Reads everything the analysis and the invalidator must know, as one row with one text column `catalog` (JSON). No parameters. Run it on a
 * connection with the role and the search path that the reads will have.
 */
export const CATALOG_SQL = `
WITH RECURSIVE domains AS (
  SELECT oid, typbasetype AS base, 1 AS depth FROM pg_type WHERE typtype = 'd' AND typnamespace <> 'information_schema'::regnamespace
  UNION ALL
  SELECT d.oid, t.typbasetype, d.depth + 1 FROM domains d JOIN pg_type t ON t.oid = d.base AND t.typtype = 'd'
), bases AS (
  SELECT DISTINCT ON (oid) oid, base FROM domains ORDER BY oid, depth DESC
), named AS (
  SELECT t.oid, CASE
    WHEN t.typtype = 'e' THEN 'enum:' || n.nspname || '.' || t.typname
    WHEN t.typtype = 'c' THEN 'composite:' || n.nspname || '.' || t.typname
    WHEN n.nspname <> 'pg_catalog' OR t.typtype NOT IN ('b', 'r') THEN 'other:' || n.nspname || '.' || t.typname
    ELSE t.typname END AS name,
    CASE WHEN t.typcategory = 'A' THEN t.typelem ELSE 0 END AS element
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype <> 'd'
), types AS MATERIALIZED (
  SELECT t.oid, CASE WHEN n.element = 0 THEN n.name ELSE coalesce(e.name, 'other:?') || '[]' END AS name
  FROM pg_type t LEFT JOIN bases b ON b.oid = t.oid JOIN named n ON n.oid = coalesce(b.base, t.oid)
    LEFT JOIN bases eb ON eb.oid = n.element LEFT JOIN named e ON e.oid = coalesce(eb.base, n.element)
), spaces AS (
  SELECT oid, nspname FROM pg_namespace
  WHERE (nspname !~ '^pg_' AND nspname <> 'information_schema') OR oid = pg_my_temp_schema()
), rel AS (
  SELECT c.*, s.nspname FROM pg_class c JOIN spaces s ON s.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
), cols AS (
  SELECT a.attrelid, jsonb_agg(jsonb_build_array(a.attname, coalesce(t.name, 'other:?'), a.atttypmod, a.attnotnull,
    CASE WHEN co.oid IS NULL OR co.collname = 'default' THEN 'd' WHEN NOT co.collisdeterministic OR coalesce(to_jsonb(co)->>'colliculocale', to_jsonb(co)->>'colllocale', co.collctype) ~* '^(tr|az|lt)' THEN 'f'
      WHEN co.collname IN ('C', 'POSIX', 'ucs_basic') THEN 'c' ELSE 'o' END,
    CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END) ORDER BY a.attnum) AS columns
  FROM pg_attribute a JOIN rel ON rel.oid = a.attrelid LEFT JOIN types t ON t.oid = a.atttypid
    LEFT JOIN pg_collation co ON co.oid = a.attcollation LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attnum > 0 AND NOT a.attisdropped AND rel.relkind <> 'S'
  GROUP BY a.attrelid
), keys AS (
  SELECT i.indrelid, i.indisprimary, i.indisreplident,
    jsonb_agg(a.attname) AS columns
  FROM pg_index i JOIN rel ON rel.oid = i.indrelid
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey::int2[])
  WHERE i.indisprimary OR i.indisreplident GROUP BY i.indexrelid, i.indrelid, i.indisprimary, i.indisreplident
), pubs AS (
  SELECT r.oid, jsonb_agg(jsonb_build_array(p.pubname, coalesce(pr.prattrs IS NOT NULL OR pr.prqual IS NOT NULL, false)
    OR NOT (p.pubinsert AND p.pubupdate AND p.pubdelete AND p.pubtruncate))) AS publications
  FROM pg_publication p CROSS JOIN rel r LEFT JOIN pg_publication_rel pr ON pr.prpubid = p.oid AND pr.prrelid = r.oid
    LEFT JOIN pg_publication_namespace pn ON pn.pnpubid = p.oid AND pn.pnnspid = r.relnamespace
  WHERE r.relkind IN ('r', 'p') AND r.relpersistence = 'p' AND (p.puballtables OR pr.oid IS NOT NULL OR pn.oid IS NOT NULL) GROUP BY r.oid
), parents AS (
  SELECT i.inhrelid, jsonb_agg(jsonb_build_array(q.nspname, q.relname)) AS list
  FROM pg_inherits i JOIN rel q ON q.oid = i.inhparent GROUP BY 1
), tables AS (
  SELECT jsonb_agg(jsonb_build_object('schema', r.nspname, 'table', r.relname, 'kind', r.relkind, 'persistence', r.relpersistence,
    'columns', coalesce(c.columns, '[]'), 'identity', r.relreplident, 'rowSecurity', r.relrowsecurity,
    'primaryKey', coalesce(pk.columns, '[]'), 'identityIndex', coalesce(ri.columns, '[]'),
    'parents', coalesce(h.list, '[]'),
    'publications', coalesce(p.publications, '[]'),
    'definition', CASE WHEN r.relkind = 'v' THEN pg_get_viewdef(r.oid) END)) AS list
  FROM rel r LEFT JOIN cols c ON c.attrelid = r.oid LEFT JOIN keys pk ON pk.indrelid = r.oid AND pk.indisprimary
    LEFT JOIN keys ri ON ri.indrelid = r.oid AND ri.indisreplident LEFT JOIN parents h ON h.inhrelid = r.oid LEFT JOIN pubs p ON p.oid = r.oid
), functions AS (
  SELECT jsonb_agg(f) AS list FROM (
    SELECT jsonb_build_array(n.nspname, p.proname, p.pronargs - p.pronargdefaults, CASE WHEN p.provariadic <> 0 THEN -1 ELSE p.pronargs END,
      max(p.provolatile::text), bool_or(p.prokind = 'a'), bool_or(p.proretset), bool_and(n.nspname = 'pg_catalog' OR x.objid IS NOT NULL),
      min(l.lanname),
      CASE WHEN n.nspname <> 'pg_catalog' AND count(*) = 1 AND min(l.lanname) = 'sql' AND min(p.prokind::text) = 'f'
        AND NOT bool_or(p.prosecdef OR p.proconfig IS NOT NULL OR p.proallargtypes IS NOT NULL OR p.pronargdefaults > 0) THEN jsonb_build_object(
        'body', min(coalesce(pg_get_function_sqlbody(p.oid), p.prosrc)), 'strict', bool_or(p.proisstrict), 'result', min(format_type(p.prorettype, NULL)),
        'parameters', (SELECT coalesce(jsonb_agg(jsonb_build_array(coalesce(q.proargnames[a.n], ''), format_type(a.type, NULL)) ORDER BY a.n), '[]')
          FROM pg_proc q, unnest(q.proargtypes::oid[]) WITH ORDINALITY a(type, n) WHERE q.oid = min(p.oid))) END) AS f
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
      LEFT JOIN pg_depend x ON x.classid = 'pg_proc'::regclass AND x.objid = p.oid AND x.deptype = 'e'
    WHERE n.nspname !~ '^pg_(toast|temp)' AND n.nspname <> 'information_schema'
    GROUP BY n.nspname, p.proname, p.pronargs, p.pronargdefaults, p.provariadic <> 0) g
), unread AS (
  SELECT p.oid FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE n.nspname <> 'pg_catalog' AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_proc'::regclass AND x.objid = p.oid AND x.deptype = 'e')
)
SELECT jsonb_build_object(
  'searchPath', to_jsonb(current_schemas(true)), 'tables', coalesce(tables.list, '[]'), 'functions', functions.list,
  'database', (SELECT jsonb_build_array(to_jsonb(d)->>'datlocprovider', d.datcollate, d.datctype, pg_encoding_to_char(d.encoding))
    FROM pg_database d WHERE d.datname = current_database()),
  'timeZone', current_setting('TimeZone'),
  'operators', coalesce((SELECT jsonb_agg(DISTINCT o.oprname) FROM pg_operator o JOIN pg_proc p ON p.oid = o.oprcode
    JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE n.nspname <> 'pg_catalog' AND (p.provolatile <> 'i' OR p.oid IN (SELECT oid FROM unread))), '[]'),
  'casts', coalesce((SELECT jsonb_agg(DISTINCT jsonb_build_array(t.typname, c.castcontext = 'i')) FROM pg_cast c JOIN pg_type t ON t.oid = c.casttarget
    WHERE c.castfunc IN (SELECT oid FROM unread)), '[]'),
  'settings', (SELECT jsonb_object_agg(name, current_setting(name)) FROM unnest(ARRAY['DateStyle', 'transform_null_equals', 'standard_conforming_strings']) name),
  'enums', coalesce((SELECT jsonb_object_agg(t.name, (SELECT jsonb_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e
    WHERE e.enumtypid = t.oid)) FROM types t WHERE t.name LIKE 'enum:%' AND t.name NOT LIKE '%[]'), '{}')
)::text AS catalog
FROM tables, functions`;
