CREATE FUNCTION kinds.is_cheaper(a kinds.price, b kinds.price) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS 'SELECT (a).amount < (b).amount';
CREATE FUNCTION kinds.is_dearer(a kinds.price, b kinds.price) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS 'SELECT (a).amount > (b).amount';
CREATE FUNCTION kinds.is_not_cheaper(a kinds.price, b kinds.price) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS 'SELECT (a).amount >= (b).amount';
CREATE FUNCTION kinds.is_same(a kinds.price, b kinds.price) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS 'SELECT (a).amount = (b).amount';
CREATE FUNCTION kinds.amount(kinds.price) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT AS 'SELECT ($1).amount';
CREATE FUNCTION kinds.price(numeric) RETURNS kinds.price LANGUAGE sql IMMUTABLE STRICT AS 'SELECT ROW($1, ''EUR'', NULL)::kinds.price';
CREATE FUNCTION kinds.hue_number(kinds.colour) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 7';

-- Each names the other, so one of them exists as an announcement first.
CREATE OPERATOR kinds.<< (
    FUNCTION = kinds.is_cheaper, LEFTARG = kinds.price, RIGHTARG = kinds.price,
    COMMUTATOR = OPERATOR(kinds.>>), NEGATOR = OPERATOR(kinds.!<<), RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
CREATE OPERATOR kinds.>> (
    FUNCTION = kinds.is_dearer, LEFTARG = kinds.price, RIGHTARG = kinds.price, COMMUTATOR = OPERATOR(kinds.<<), RESTRICT = scalargtsel
);
CREATE OPERATOR kinds.!<< (
    FUNCTION = kinds.is_not_cheaper, LEFTARG = kinds.price, RIGHTARG = kinds.price, NEGATOR = OPERATOR(kinds.<<)
);
CREATE OPERATOR kinds.=== (
    FUNCTION = kinds.is_same, LEFTARG = kinds.price, RIGHTARG = kinds.price,
    COMMUTATOR = OPERATOR(kinds.===), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
CREATE OPERATOR kinds.@@@ (FUNCTION = kinds.amount, RIGHTARG = kinds.price);
CREATE OPERATOR kinds.<-> (FUNCTION = kinds.is_dearer, LEFTARG = kinds.price, RIGHTARG = kinds.price);
COMMENT ON OPERATOR kinds.<< (kinds.price, kinds.price) IS 'Cheaper';
COMMENT ON OPERATOR kinds.@@@ (NONE, kinds.price) IS 'Prefix';

CREATE CAST (kinds.price AS numeric) WITH FUNCTION kinds.amount(kinds.price) AS ASSIGNMENT;
CREATE CAST (numeric AS kinds.price) WITH FUNCTION kinds.price(numeric) AS IMPLICIT;
CREATE CAST (kinds.price AS text) WITH INOUT;
CREATE CAST (kinds.colour AS integer) WITH FUNCTION kinds.hue_number(kinds.colour);
COMMENT ON CAST (kinds.price AS numeric) IS 'Without its currency';
-- What it names as its commutator is announced by it, and never made.
CREATE OPERATOR kinds.## (FUNCTION = kinds.is_dearer, LEFTARG = kinds.price, RIGHTARG = kinds.price, COMMUTATOR = OPERATOR(kinds.#@#));
