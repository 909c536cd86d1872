CREATE VIEW kinds.json_texts AS
    SELECT JSON_VALUE('{"a": 1}'::jsonb, '$.a' RETURNING integer DEFAULT 7 ON ERROR) AS value, JSON_QUERY('[1, 2]'::jsonb, '$[*]' WITH WRAPPER) AS query,
           JSON_OBJECT('k': 1 ABSENT ON NULL RETURNING jsonb) AS object, t.* FROM JSON_TABLE('[{"x": 1}]'::jsonb, '$[*]' COLUMNS (x integer PATH '$.x', n FOR ORDINALITY)) t;
