// src/sql/locks/builtins.ts
/**
* Functions of pg_catalog that read no table, lock nothing and run no code of others. PostgreSQL 13 has them all: what a
* later version brought may be somebody's own function on an older one.
*/
const functions = words(`
  abs acos acosd acosh age area array_agg array_append array_cat array_dims array_fill array_length array_lower
  array_ndims array_position array_positions array_prepend array_remove array_replace array_to_json array_to_string
  array_upper ascii asin asind asinh atan atan2 atan2d atand atanh avg bit bit_and bit_length bit_or bool bool_and
  bool_or box bpchar btrim cardinality cbrt ceil ceiling center char char_length character_length chr cidr circle
  col_description concat concat_ws convert convert_from convert_to corr cos cosd cosh cot cotd count covar_pop
  covar_samp cume_dist current_database current_schema current_schemas current_setting current_user date date_part
  date_trunc daterange decode degrees dense_rank diameter div encode enum_first enum_last enum_range every exp extract
  factorial first_value float4 float8 floor format format_type gcd generate_series generate_subscripts get_bit get_byte
  height host hostmask initcap inet_merge inet_same_family int2 int4 int4range int8 int8range interval is_normalized
  isempty isfinite json_agg json_array_elements json_array_elements_text json_array_length json_build_array
  json_build_object json_each json_each_text json_extract_path json_extract_path_text json_object json_object_agg
  json_object_keys json_populate_record json_populate_recordset json_strip_nulls json_to_record json_to_recordset
  json_typeof jsonb_agg jsonb_array_elements jsonb_array_elements_text jsonb_array_length jsonb_build_array
  jsonb_build_object jsonb_each jsonb_each_text jsonb_extract_path jsonb_extract_path_text jsonb_insert jsonb_object
  jsonb_object_agg jsonb_object_keys jsonb_path_exists jsonb_path_match jsonb_path_query jsonb_path_query_array
  jsonb_path_query_first jsonb_populate_record jsonb_populate_recordset jsonb_pretty jsonb_set jsonb_set_lax
  jsonb_strip_nulls jsonb_to_record jsonb_to_recordset jsonb_to_tsvector jsonb_typeof justify_days justify_hours
  justify_interval lag last_value lcm lead left length like_escape line ln log log10 lower lower_inc lower_inf lpad lseg
  ltrim macaddr macaddr8 make_date make_interval make_time make_timestamp make_timestamptz masklen max md5 min min_scale
  mod mode money name netmask network normalize now nth_value ntile num_nonnulls num_nulls numeric numrange
  obj_description octet_length oid overlaps overlay parse_ident path percent_rank percentile_cont percentile_disc
  pg_backend_pid pg_client_encoding pg_column_size pg_collation_for pg_typeof phraseto_tsquery pi plainto_tsquery point
  polygon position pow power quote_ident quote_literal quote_nullable radians radius range_merge rank regclass
  regexp_match regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table regr_avgx regr_avgy regr_count
  regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy repeat replace reverse right round row_number row_to_json
  rpad rtrim scale session_user set_bit set_byte set_masklen setweight sha224 sha256 sha384 sha512 shobj_description
  sign similar_escape similar_to_escape sin sind sinh split_part sqrt starts_with statement_timestamp stddev stddev_pop
  stddev_samp string_agg string_to_array strip strpos substr substring sum tan tand tanh text time timestamp timestamptz
  timetz timezone to_ascii to_char to_date to_hex to_json to_jsonb to_number to_regclass to_regnamespace to_regproc
  to_regprocedure to_regrole to_regtype to_timestamp to_tsquery to_tsvector transaction_timestamp translate trim_scale
  trunc ts_headline ts_rank ts_rank_cd tsrange tstzrange txid_current unnest upper upper_inc upper_inf var_pop var_samp
  varbit varchar variance version websearch_to_tsquery width width_bucket xml xmlagg xmlcomment xmlexists xpath
  xpath_exists`);
/** As harmless, but with another answer each time: as the default of a new column they are computed for every row. */
const volatileFunctions = words(`
  clock_timestamp currval gen_random_uuid lastval nextval random setval timeofday`);
const operators = words(`
  !! !~ !~* !~~ !~~* # ## #- #> #>> % & && &< &<| &> * *< *<= *<> *= *> *>= + - -> ->> -|- / < <-> << <<= <<| <= <> <@ <^ =
  > >= >> >>= >^ ? ?# ?& ?- ?-| ?| ?|| @ @-@ @> @? @@ @@@ ^ ^@ | |&> |/ |>> || ||/ ~ ~* ~<=~ ~<~ ~= ~>=~ ~>~ ~~ ~~*`);
const types = words(`
  bit bool box bpchar bytea char cid cidr circle date datemultirange daterange float4 float8 inet int2 int4 int4multirange
  int4range int8 int8multirange int8range interval json jsonb jsonpath line lseg macaddr macaddr8 money name numeric
  nummultirange numrange oid path pg_lsn point polygon refcursor regclass regcollation regconfig regdictionary
  regnamespace regoper regoperator regproc regprocedure regrole regtype text tid time timestamp timestamptz timetz
  tsmultirange tsquery tsrange tstzmultirange tstzrange tsvector txid_snapshot uuid varbit varchar xid xid8 xml`);
function isBuiltinFunction(name) {
	return isIn(functions, name) || isVolatile(name);
}
function isVolatile(name) {
	return isIn(volatileFunctions, name);
}
function isBuiltinOperator(name) {
	return isIn(operators, name);
}
/** A type that is surely no domain, whose checks would have to be run. */
function isBuiltinType(name) {
	return isIn(types, name);
}
/** `serial` and its kin: a column of such a type gets a sequence. */
function isSerial(name) {
	return name.length === 1 && /^(?:small|big)?serial$|^serial[248]$/.test(name[0]);
}
/** pg_catalog is searched first unless somebody says otherwise; any other schema is somebody's own. */
function isIn(known, name) {
	return known.has(name.at(-1) ?? "") && (name.length === 1 || name.length === 2 && name[0] === "pg_catalog");
}
function words(text) {
	return new Set(text.trim().split(/\s+/));
}
export { isVolatile as a, isSerial as i, isBuiltinOperator as n, isBuiltinType as r, isBuiltinFunction as t };
