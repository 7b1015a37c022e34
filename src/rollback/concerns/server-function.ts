import { isBuiltinFunction } from '../../sql/locks/builtins.ts'

/**
 * Whether pg_catalog may have a function of that name: a second one in another schema takes those calls whose arguments
 * fit it better. In doubt it has.
 */
export function mayBeServers(name: string): boolean {
  return isBuiltinFunction([name]) || families.test(name) || others.has(name)
}

/** How the server's own functions begin: the area that they are for, or the type that they work on. */
const families =
  /^(?:pg_|_pg_|jsonb?_|array_|regexp_|ts_|has_|inet_|xml|lo_|loread|lowrite|txid_|uuid|tsquery|tsvector|unicode|acl|any|bool|bpchar|bytea|cash_|cidr|circle|current_|date|euc_|enum_|float[48]|gin|gist|gts|hash|in_range|int[248]|interval_|multirange|network_|numeric_|oid|on_p|path_|percent|point_|poly_|range_|record_|reg[a-z]+(?:in|out|recv|send)$|ri_|row_|spg_|text|tid|time|ts[mq]_|tsvector|tuple|varbit|varchar|win[0-9]|xid|bit_?[a-z]*$|bt[a-z0-9_]+cmp$|brin|box_|line_|lseg_|char[a-z]+$|name[a-z]+$|dist_|close_|like|mac|amvalidate|binary_upgrade|shift_jis|utf8_to|[a-z0-9]+_to_(?:utf8|mic|xml)|to_ts)/i

const others = new Set(
  `abbrev area bernoulli bound_box broadcast casefold crc32 crc32c cursor_to_xmlschema date_add date_bin date_subtract
  diagonal erf erfc family gamma getdatabaseencoding get_byte getpgusername isclosed isempty isfinite ishorizontal isopen
  isparallel isperp isvertical lgamma make_timestamptz mxid_age not notlike npoints numnode numrange_subdiff parse_ident
  pclose popen querytree random_normal row_security_active schema_to_xmlschema set_config setseed sha224 slope string_agg
  string_to_table substring_index system table_to_xmlschema to_bin to_oct to_reg to_regcollation trim_array unistr unnest
  get_current_ts_config nummultirange suppress_redundant_updates_trigger to_regoper to_regoperator tsmultirange tstzmultirange
  database_to_xml_and_xmlschema schema_to_xml_and_xmlschema table_to_xml_and_xmlschema lastval currval nextval setval`.split(/\s+/),
)
