SET ROLE shop_owner;

CREATE FUNCTION auth.uid() RETURNS uuid
    LANGUAGE sql STABLE
    AS $$ SELECT nullif(current_setting('request.jwt.claim.sub', true), '')::uuid $$;
COMMENT ON FUNCTION auth.uid() IS 'Who calls, as the API tells it';

CREATE FUNCTION shop.next_order_number(prefix text DEFAULT 'A-'::text, digits integer DEFAULT 6) RETURNS text
    LANGUAGE plpgsql STRICT
    AS $_$
BEGIN
    -- A body with $$ inside, and a backslash: \d
    RETURN prefix || lpad(nextval('shop.order_numbers')::text, digits, '0');
END
$_$;

CREATE FUNCTION shop.slugify(VARIADIC words text[]) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 5
    AS $$ SELECT lower(pg_catalog.regexp_replace(array_to_string(words, '-'), '[^[:alnum:]]+', '-', 'g')) $$;
COMMENT ON FUNCTION shop.slugify(text[]) IS E'Turns words into a slug.\nSecond line: it''s "safe".';

CREATE FUNCTION shop.gross(net numeric, rate numeric DEFAULT 0.19) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN round(net * (1 + rate), 2);

CREATE FUNCTION shop.gross(price shop.price) RETURNS shop.price
    LANGUAGE sql IMMUTABLE
    BEGIN ATOMIC
        SELECT ROW(shop.gross((price).amount), (price).currency)::shop.price;
    END;

CREATE FUNCTION shop.split_name(full_name text, OUT first_name text, OUT last_name text, INOUT remarks text DEFAULT NULL)
    LANGUAGE plpgsql IMMUTABLE
    AS $$
BEGIN
    first_name := split_part(full_name, ' ', 1);
    last_name := split_part(full_name, ' ', 2);
END $$;

CREATE FUNCTION shop.calendar(since date, days integer) RETURNS TABLE (day date, "Is Weekend" boolean)
    LANGUAGE sql IMMUTABLE ROWS 30
    AS $$ SELECT since + n, extract(isodow FROM since + n) > 5 FROM generate_series(0, days - 1) n $$;

CREATE FUNCTION shop.first_of(anyarray) RETURNS anyelement
    LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1[1]';

CREATE FUNCTION shop."odd ""Name""; --"("an Argument" text, "select" integer DEFAULT 1) RETURNS SETOF shop.price
    LANGUAGE sql STABLE CALLED ON NULL INPUT
    AS $$ SELECT ROW("select", "an Argument")::shop.price $$;

CREATE FUNCTION shop.whoami() RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = shop, pg_temp
    SET work_mem = '8MB'
    AS 'SELECT current_user::text';
REVOKE ALL ON FUNCTION shop.whoami() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION shop.whoami() TO shop_anon WITH GRANT OPTION;

CREATE PROCEDURE shop.settle(INOUT settled integer, up_to timestamptz DEFAULT 'infinity')
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE shop.orders SET status = 'paid' WHERE status = 'placed' AND placed_at <= up_to;
    GET DIAGNOSTICS settled = ROW_COUNT;
END $$;
COMMENT ON PROCEDURE shop.settle(integer, timestamptz) IS 'Month end';

-- Aggregates: plain, with a parallel plan, ordered set.
CREATE FUNCTION shop.longer(a text, b text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS 'SELECT CASE WHEN length(b) > length(a) THEN b ELSE a END';
CREATE AGGREGATE shop.longest(text) (SFUNC = shop.longer, STYPE = text, COMBINEFUNC = shop.longer, PARALLEL = SAFE);
COMMENT ON AGGREGATE shop.longest(text) IS 'The first of the longest';

CREATE FUNCTION shop.add_money(total numeric, VARIADIC amounts numeric[]) RETURNS numeric
    LANGUAGE sql IMMUTABLE AS 'SELECT total + (SELECT coalesce(sum(a), 0) FROM unnest(amounts) a)';
CREATE AGGREGATE shop.money_sum(VARIADIC numeric[]) (SFUNC = shop.add_money, STYPE = numeric, INITCOND = '0');
GRANT EXECUTE ON FUNCTION shop.longest(text) TO shop_anon;

RESET ROLE;

CREATE AGGREGATE shop.middle(double precision ORDER BY double precision) (
    SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA
);
ALTER FUNCTION shop.first_of(anyarray) OWNER TO shop_service;
ALTER FUNCTION shop.longer(text, text) LEAKPROOF;
ALTER FUNCTION shop.whoami() SET "request.jwt.claim.sub" = 'it''s, "nobody"';
