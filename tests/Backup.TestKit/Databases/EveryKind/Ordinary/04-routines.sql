CREATE FUNCTION kinds.greet(who text DEFAULT 'it''s "me"'::text, INOUT times integer DEFAULT 1, OUT said text, VARIADIC more text[] DEFAULT '{}')
    LANGUAGE plpgsql STABLE STRICT PARALLEL RESTRICTED COST 17.5
    AS $_$
BEGIN
    -- A body with $$ inside, a backslash \d, 'quotes' and ☃.
    said := repeat(who || array_to_string(more, $$, $$), times);
END
$_$;
COMMENT ON FUNCTION kinds.greet(text, integer, text[]) IS E'Two\nlines';
CREATE FUNCTION kinds.twice(i integer) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN i * 2;
CREATE FUNCTION kinds.twice(n numeric) RETURNS numeric LANGUAGE sql IMMUTABLE BEGIN ATOMIC
    SELECT n * 2;
END;
CREATE FUNCTION kinds.calendar(since date, days integer) RETURNS TABLE (day date, "Is Weekend" boolean)
    LANGUAGE sql IMMUTABLE ROWS 30
    AS $$ SELECT since + n, extract(isodow FROM since + n) > 5 FROM generate_series(0, days - 1) n $$;
CREATE FUNCTION kinds.first_of(anyarray) RETURNS anyelement LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1[1]';
CREATE FUNCTION kinds.either(anycompatible, anycompatible) RETURNS anycompatible LANGUAGE sql AS 'SELECT coalesce($1, $2)';
CREATE FUNCTION kinds."odd ""Name""; --"("an Argument" text, "select" integer DEFAULT 1) RETURNS SETOF kinds.price
    LANGUAGE sql STABLE CALLED ON NULL INPUT AS $$ SELECT ROW("select", 'EUR', "an Argument")::kinds.price $$;
CREATE FUNCTION kinds.whoami() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = kinds, "Kinds ""&"" 'names'; --, ünï ☃", pg_temp
    SET work_mem = '8MB'
    SET DateStyle = 'German, DMY'
    AS 'SELECT current_user::text';
CREATE FUNCTION kinds.without_path() RETURNS text LANGUAGE sql SET search_path = '' AS 'SELECT ''x''';
REVOKE ALL ON FUNCTION kinds.whoami() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kinds.whoami() TO kinds_writer WITH GRANT OPTION;
CREATE FUNCTION kinds.nothing_of(kinds.nothing, kinds.hours[], kinds."Text ""Ranges""") RETURNS void LANGUAGE sql AS '';

CREATE PROCEDURE kinds.settle(INOUT settled integer, up_to timestamptz DEFAULT 'infinity')
    LANGUAGE plpgsql AS 'BEGIN COMMIT; settled := 1; END';
CREATE PROCEDURE kinds.tell(IN a integer, OUT b text) LANGUAGE sql BEGIN ATOMIC
    SELECT 'told ' || a;
END;
COMMENT ON PROCEDURE kinds.settle(integer, timestamptz) IS 'Month end';
GRANT EXECUTE ON PROCEDURE kinds.tell(integer) TO kinds_writer;
REVOKE EXECUTE ON PROCEDURE kinds.tell(integer) FROM PUBLIC;

CREATE FUNCTION kinds.longer(a text, b text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS 'SELECT CASE WHEN length(b) > length(a) THEN b ELSE a END';
CREATE AGGREGATE kinds.longest(text) (SFUNC = kinds.longer, STYPE = text, COMBINEFUNC = kinds.longer, PARALLEL = SAFE);
CREATE AGGREGATE kinds.moving_sum(integer) (
    SFUNC = int4pl, STYPE = integer, SSPACE = 4, INITCOND = '0',
    MSFUNC = int4pl, MINVFUNC = int4mi, MSTYPE = integer, MSSPACE = 8, MINITCOND = '0'
);
CREATE FUNCTION kinds.add_all(total numeric, VARIADIC amounts numeric[]) RETURNS numeric
    LANGUAGE sql IMMUTABLE AS 'SELECT total + (SELECT coalesce(sum(a), 0) FROM unnest(amounts) a)';
CREATE AGGREGATE kinds.sum_of(VARIADIC numeric[]) (
    SFUNC = kinds.add_all, STYPE = numeric, FINALFUNC = kinds.twice, FINALFUNC_MODIFY = SHAREABLE, INITCOND = '0'
);
CREATE AGGREGATE kinds.least_of(integer) (SFUNC = int4smaller, STYPE = integer, SORTOP = <);
CREATE FUNCTION kinds.share_of(numeric[], numeric) RETURNS numeric LANGUAGE sql AS 'SELECT $1[1] * $2';
CREATE AGGREGATE kinds.fraction(numeric ORDER BY numeric) (SFUNC = array_append, STYPE = numeric[], FINALFUNC = kinds.share_of, INITCOND = '{}');
COMMENT ON AGGREGATE kinds.longest(text) IS 'The first of the longest';
COMMENT ON AGGREGATE kinds.fraction(numeric ORDER BY numeric) IS 'Ordered';
GRANT EXECUTE ON FUNCTION kinds.longest(text) TO kinds_writer;
REVOKE EXECUTE ON FUNCTION kinds.moving_sum(integer) FROM PUBLIC;

CREATE FUNCTION kinds.keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION kinds.quiet() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
