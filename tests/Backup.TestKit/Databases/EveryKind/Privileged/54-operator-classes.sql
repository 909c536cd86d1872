CREATE FUNCTION kinds.compare(a kinds.price, b kinds.price) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS 'SELECT CASE WHEN (a).amount < (b).amount THEN -1 WHEN (a).amount > (b).amount THEN 1 ELSE 0 END';
CREATE OPERATOR FAMILY kinds."Family ""f""" USING btree;
CREATE OPERATOR CLASS kinds.price_ops FOR TYPE kinds.price USING btree FAMILY kinds."Family ""f""" AS
    OPERATOR 1 kinds.<<, OPERATOR 3 kinds.===, OPERATOR 5 kinds.>>, FUNCTION 1 kinds.compare(kinds.price, kinds.price);
CREATE OPERATOR FAMILY kinds.numbers USING btree;
CREATE OPERATOR CLASS kinds.numbers_4 FOR TYPE integer USING btree FAMILY kinds.numbers AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(integer, integer), FUNCTION 4 btequalimage(oid);
ALTER OPERATOR FAMILY kinds.numbers USING btree ADD
    OPERATOR 1 < (integer, bigint), OPERATOR 3 = (integer, bigint), FUNCTION 1 (integer, bigint) btint48cmp(integer, bigint);
CREATE OPERATOR FAMILY kinds.empty_family USING hash;
CREATE OPERATOR CLASS kinds.distances FOR TYPE point USING gist AS
    OPERATOR 15 <-> (point, point) FOR ORDER BY pg_catalog.float_ops,
    FUNCTION 1 gist_point_consistent(internal, point, smallint, oid, internal), FUNCTION 2 gist_box_union(internal, internal),
    FUNCTION 3 gist_point_compress(internal), FUNCTION 5 gist_box_penalty(internal, internal, internal),
    FUNCTION 6 gist_box_picksplit(internal, internal), FUNCTION 7 gist_box_same(box, box, internal),
    FUNCTION 8 (point, point) gist_point_distance(internal, point, smallint, oid, internal), STORAGE box;
ALTER OPERATOR FAMILY kinds.numbers USING btree OWNER TO kinds_owner;
COMMENT ON OPERATOR CLASS kinds.price_ops USING btree IS 'Cheapest first';
COMMENT ON OPERATOR FAMILY kinds.numbers USING btree IS 'Of both lengths';
CREATE TABLE kinds.of_classes (a kinds.price, b integer, c point);
CREATE INDEX of_classes_a ON kinds.of_classes USING btree (a kinds.price_ops, b kinds.numbers_4);
CREATE INDEX of_classes_c ON kinds.of_classes USING gist (c kinds.distances);
