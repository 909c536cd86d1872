CREATE PUBLICATION kinds_schemas FOR TABLES IN SCHEMA kinds, "Kinds ""&"" 'names'; --, ünï ☃";
CREATE PUBLICATION kinds_schema_and_table FOR TABLES IN SCHEMA empty_kinds, TABLE kinds.staff WHERE (id > 5);
