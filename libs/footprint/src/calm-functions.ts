/**
 * Functions of pg_catalog that answer for every value of their types. All others may raise an error for some row, and a statement that
 * fails has changed. Left out of account: values too long for memory, numbers and times beyond their type's range.
 */
export const CALM_FUNCTIONS: ReadonlySet<string> = new Set(
  `concat concat_ws initcap md5 reverse ascii bit_length octet_length length char_length character_length lower upper left right strpos
   position btrim ltrim rtrim trim replace translate starts_with quote_literal quote_nullable quote_ident normalize to_hex
   abs sign floor ceil ceiling round trunc num_nulls num_nonnulls age extract isfinite justify_days justify_hours justify_interval
   date timestamp timestamptz time timetz cardinality array_length array_upper array_lower array_ndims array_dims array_to_string
   array_to_json to_json to_jsonb row_to_json json_typeof jsonb_typeof jsonb_extract_path jsonb_extract_path_text json_extract_path
   json_extract_path_text jsonb_strip_nulls json_strip_nulls jsonb_pretty jsonb_build_array json_build_array jsonb_contains jsonb_exists
   to_tsvector plainto_tsquery phraseto_tsquery websearch_to_tsquery ts_rank ts_rank_cd strip numnode querytree setweight
   isempty lower_inc upper_inc lower_inf upper_inf range_merge host family masklen abbrev network netmask hostmask broadcast
   sha224 sha256 sha384 sha512 like notlike ilike`.split(/\s+/),
);

/**
 * The same, as long as one argument at most comes from the row and the others are written in the statement: what else could be wrong is wrong
 * for every row, and whoever wrote it has seen it fail.
 */
export const CALM_WITH_CONSTANTS: ReadonlySet<string> = new Set(
  `to_char overlay date_part timezone ts_headline date_trunc date_bin regexp_replace regexp_match regexp_like regexp_count regexp_substr regexp_instr split_part substr substring lpad rpad
   repeat encode format generate_series string_to_array array_replace overlaps
   make_interval`.split(/\s+/),
);
