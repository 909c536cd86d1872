ALTER FUNCTION kinds.whoami() SET "kinds.setting" = 'it''s, "quoted"';
CREATE FUNCTION kinds.row_numbers() RETURNS bigint LANGUAGE internal WINDOW IMMUTABLE STRICT AS 'window_row_number';
CREATE FUNCTION kinds.estimated(integer, integer) RETURNS SETOF integer LANGUAGE internal IMMUTABLE STRICT
    COST 3 ROWS 77 SUPPORT generate_series_int4_support AS 'generate_series_int4';
CREATE FUNCTION kinds.proven(a text, b text) RETURNS boolean LANGUAGE sql IMMUTABLE LEAKPROOF AS 'SELECT a = b';
CREATE AGGREGATE kinds.middle(double precision ORDER BY double precision) (
    SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA, FINALFUNC_MODIFY = READ_WRITE
);
CREATE AGGREGATE kinds.would_rank(VARIADIC "any" ORDER BY VARIADIC "any") (
    SFUNC = ordered_set_transition_multi, STYPE = internal, FINALFUNC = rank_final, FINALFUNC_EXTRA, HYPOTHETICAL
);
CREATE AGGREGATE kinds.parallel_average(numeric) (
    SFUNC = numeric_avg_accum, STYPE = internal, SSPACE = 128, FINALFUNC = numeric_avg, COMBINEFUNC = numeric_avg_combine,
    SERIALFUNC = numeric_avg_serialize, DESERIALFUNC = numeric_avg_deserialize,
    MSFUNC = numeric_avg_accum, MINVFUNC = numeric_accum_inv, MSTYPE = internal, MSSPACE = 128, MFINALFUNC = numeric_avg, MFINALFUNC_MODIFY = READ_WRITE, PARALLEL = SAFE
);
CREATE FUNCTION kinds.in_c(oid) RETURNS void LANGUAGE c STRICT AS '$libdir/plpgsql', 'plpgsql_validator';
CREATE FUNCTION kinds.to_date(integer) RETURNS date LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT date '2000-01-01' + $1 $$;
CREATE CAST (integer AS date) WITH FUNCTION kinds.to_date(integer) AS ASSIGNMENT;
COMMENT ON CAST (integer AS date) IS 'Between types of the server';
