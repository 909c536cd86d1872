CREATE SCHEMA kinds;
CREATE SCHEMA "Kinds ""&"" 'names'; --, ünï ☃";
CREATE SCHEMA empty_kinds;

COMMENT ON SCHEMA kinds IS 'At least one of every kind';
COMMENT ON SCHEMA "Kinds ""&"" 'names'; --, ünï ☃" IS E'It''s "quoted", $dollared$, \\backslashed\\,\na second line\t(tab)\r\n-- no comment;\n☃ and 𝔘';

GRANT USAGE ON SCHEMA kinds TO PUBLIC;
GRANT ALL ON SCHEMA "Kinds ""&"" 'names'; --, ünï ☃" TO kinds_writer WITH GRANT OPTION;
GRANT USAGE ON SCHEMA "Kinds ""&"" 'names'; --, ünï ☃" TO "Kinds ""Reader"", ü";
REVOKE CREATE ON SCHEMA empty_kinds FROM kinds_owner;
