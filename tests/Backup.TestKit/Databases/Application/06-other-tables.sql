SET ROLE shop_owner;

-- Inheritance: rows belong to the table they were put in.
CREATE TABLE learning.contents (
    id serial PRIMARY KEY,
    title text NOT NULL,
    published date DEFAULT '2026-01-01',
    CONSTRAINT only_here CHECK (title <> 'child only') NO INHERIT,
    CONSTRAINT title_length CHECK (length(title) < 300)
);
CREATE TABLE learning.priced (price numeric(8, 2) DEFAULT 9.99, level learning."Level" DEFAULT 'beginner');
CREATE TABLE learning.videos (length interval HOUR TO SECOND(0), published date DEFAULT '2026-06-01') INHERITS (learning.contents);
CREATE TABLE learning.courses (lessons integer NOT NULL, PRIMARY KEY (id)) INHERITS (learning.contents, learning.priced);
ALTER TABLE learning.courses ALTER COLUMN published SET NOT NULL;

CREATE TABLE learning.enrolments (
    tenant integer NOT NULL,
    student bigint NOT NULL,
    course integer NOT NULL REFERENCES learning.courses (id),
    enrolled_on date NOT NULL,
    progress numeric(5, 2) DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
    answers jsonb,
    CONSTRAINT enrolments_pkey PRIMARY KEY (tenant, student, course, enrolled_on)
) PARTITION BY RANGE (enrolled_on);
CREATE TABLE learning.enrolments_old PARTITION OF learning.enrolments FOR VALUES FROM (MINVALUE) TO ('2025-01-01');
CREATE TABLE learning.enrolments_2025 PARTITION OF learning.enrolments FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')
    PARTITION BY HASH (tenant);
CREATE TABLE learning.enrolments_2025_0 PARTITION OF learning.enrolments_2025 FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE learning.enrolments_2025_1 PARTITION OF learning.enrolments_2025 FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE learning.enrolments_2025_2 PARTITION OF learning.enrolments_2025 FOR VALUES WITH (MODULUS 3, REMAINDER 2)
    WITH (fillfactor = 70);

-- Attached later, with its columns in another order, one dropped, and an index of its own.
CREATE TABLE learning.enrolments_2026 (
    progress numeric(5, 2) DEFAULT 5 CONSTRAINT enrolments_progress_check CHECK (progress BETWEEN 0 AND 100),
    gone text,
    answers jsonb,
    enrolled_on date NOT NULL,
    course integer NOT NULL,
    student bigint NOT NULL,
    tenant integer NOT NULL
);
ALTER TABLE learning.enrolments_2026 DROP COLUMN gone;
CREATE INDEX enrolments_2026_answers ON learning.enrolments_2026 USING gin (answers);
ALTER TABLE learning.enrolments ATTACH PARTITION learning.enrolments_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE learning.enrolments_default PARTITION OF learning.enrolments DEFAULT;
CREATE TABLE learning.enrolments_detached PARTITION OF learning.enrolments FOR VALUES FROM ('2030-01-01') TO ('2031-01-01');
ALTER TABLE learning.enrolments DETACH PARTITION learning.enrolments_detached;

CREATE TABLE learning.certificates (
    id integer PRIMARY KEY,
    tenant integer, student bigint, course integer, enrolled_on date,
    FOREIGN KEY (tenant, student, course, enrolled_on) REFERENCES learning.enrolments ON DELETE CASCADE
);

CREATE TABLE learning.submissions (
    id uuid PRIMARY KEY,
    student bigint NOT NULL,
    essay text,
    attachment bytea,
    handed_in timestamp NOT NULL
);

CREATE TABLE audit.events (
    id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz DEFAULT clock_timestamp() NOT NULL,
    actor text DEFAULT CURRENT_USER,
    payload jsonb
) PARTITION BY RANGE (((extract(year FROM at AT TIME ZONE 'UTC'))::integer), id);
CREATE TABLE audit.events_to_2025 PARTITION OF audit.events FOR VALUES FROM (MINVALUE, MINVALUE) TO (2026, MINVALUE);
CREATE TABLE audit.events_from_2026 PARTITION OF audit.events FOR VALUES FROM (2026, MINVALUE) TO (MAXVALUE, MAXVALUE);
CREATE TABLE audit.ddl_log (at timestamptz DEFAULT '2026-01-01 00:00:00Z', tag text, object text);

-- Columns that are gone, at the start, in the middle and at the end; and a table that has none left.
CREATE TABLE audit.much_altered (a integer, b text, c text, d integer, e text);
INSERT INTO audit.much_altered SELECT n, 'b' || n, 'c' || n, n, 'e' || n FROM generate_series(1, 50) n;
ALTER TABLE audit.much_altered DROP COLUMN a, DROP COLUMN c, DROP COLUMN e;
ALTER TABLE audit.much_altered ADD COLUMN f text DEFAULT 'added later' NOT NULL, ADD COLUMN "b " text;
ALTER TABLE audit.much_altered ALTER COLUMN d TYPE bigint USING d * 1000000000::bigint;
CREATE TABLE audit.no_columns ();
INSERT INTO audit.no_columns SELECT FROM generate_series(1, 7);
CREATE TABLE audit.no_columns_left (gone integer);
INSERT INTO audit.no_columns_left VALUES (1), (2);
ALTER TABLE audit.no_columns_left DROP COLUMN gone;

CREATE TABLE audit.replicated (id integer, part integer NOT NULL, note text);
CREATE UNIQUE INDEX replicated_part ON audit.replicated (part);
ALTER TABLE audit.replicated REPLICA IDENTITY USING INDEX replicated_part;
CREATE TABLE audit.replicated_in_full (note text);
ALTER TABLE audit.replicated_in_full REPLICA IDENTITY FULL;

RESET ROLE;

-- Names.
CREATE TABLE "Hard ""Names"", ünï"."Table ""with"" 'quotes', spaces
and a newline" (
    "Id" integer PRIMARY KEY,
    "select" text DEFAULT 'from',
    "a ""quoted"" column" text,
    "line
break" text,
    "汉字 ☃" text,
    "%s \n $1 {0} ; --" text,
    CONSTRAINT "check ""it"";
--" CHECK ("Id" > 0)
);
COMMENT ON COLUMN "Hard ""Names"", ünï"."Table ""with"" 'quotes', spaces
and a newline"."line
break" IS 'A column''s name in two lines;
-- and its comment too';
CREATE TABLE "Hard ""Names"", ünï"."UPPER" (upper integer);
CREATE TABLE "Hard ""Names"", ünï".upper ("Upper" integer);
CREATE TABLE "Hard ""Names"", ünï"."CON" (n integer);
CREATE TABLE "Hard ""Names"", ünï".".." (n integer);
CREATE TABLE "Hard ""Names"", ünï"."a/b\c:d*e?" (n integer);
CREATE TABLE "Hard ""Names"", ünï"."a_name_that_is_as_long_as_a_name_can_be_in_this_world_63_bytes__" (n integer);
CREATE TABLE "Hard ""Names"", ünï"."user" ("user" text, "order" integer, "group" integer, "table" text, "end" boolean);
