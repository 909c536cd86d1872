CREATE TRUSTED LANGUAGE "trusty ""l""" HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
CREATE LANGUAGE untrusted HANDLER plpgsql_call_handler;
ALTER LANGUAGE "trusty ""l""" OWNER TO kinds_owner;
COMMENT ON LANGUAGE "trusty ""l""" IS 'A language';
GRANT USAGE ON LANGUAGE "trusty ""l""" TO kinds_writer WITH GRANT OPTION;
REVOKE USAGE ON LANGUAGE "trusty ""l""" FROM PUBLIC;
CREATE TRANSFORM FOR integer LANGUAGE "trusty ""l""" (FROM SQL WITH FUNCTION prsd_lextype(internal), TO SQL WITH FUNCTION int4recv(internal));
CREATE TRANSFORM FOR kinds.price LANGUAGE plpgsql (FROM SQL WITH FUNCTION prsd_lextype(internal));
COMMENT ON TRANSFORM FOR integer LANGUAGE "trusty ""l""" IS 'A transform';
CREATE FUNCTION kinds.in_language() RETURNS integer LANGUAGE "trusty ""l""" AS 'BEGIN RETURN 1; END';
CREATE FUNCTION kinds.with_transform(i integer) RETURNS integer LANGUAGE "trusty ""l""" TRANSFORM FOR TYPE integer AS 'BEGIN RETURN 1; END';

CREATE ACCESS METHOD "kinds_heap ""h""" TYPE TABLE HANDLER heap_tableam_handler;
CREATE ACCESS METHOD kinds_index TYPE INDEX HANDLER bthandler;
COMMENT ON ACCESS METHOD kinds_index IS 'A B-tree of another name';
CREATE TABLE kinds.in_access_method (id integer, t text) USING "kinds_heap ""h""";
INSERT INTO kinds.in_access_method VALUES (1, 'one');
CREATE MATERIALIZED VIEW kinds.view_in_access_method USING "kinds_heap ""h""" AS SELECT id FROM kinds.in_access_method;
