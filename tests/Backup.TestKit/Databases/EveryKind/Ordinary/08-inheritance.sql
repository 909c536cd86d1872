-- Rows belong to the table they were put in.
CREATE TABLE kinds.contents (
    id serial PRIMARY KEY,
    title text NOT NULL,
    published date DEFAULT '2026-01-01',
    CONSTRAINT only_here CHECK (title <> 'child only') NO INHERIT,
    CONSTRAINT title_length CHECK (length(title) < 300)
);
CREATE TABLE kinds.priced (price numeric(8, 2) DEFAULT 9.99, level kinds.colour DEFAULT 'red', id integer NOT NULL);
CREATE TABLE kinds.videos (length interval, published date DEFAULT '2026-06-01') INHERITS (kinds.contents);
CREATE TABLE kinds.courses (lessons integer NOT NULL, title text DEFAULT 'untitled', PRIMARY KEY (id)) INHERITS (kinds.contents, kinds.priced);
CREATE TABLE kinds.short_courses (CONSTRAINT title_length CHECK (length(title) < 300), CHECK (lessons < 5)) INHERITS (kinds.courses);
ALTER TABLE kinds.courses ALTER published SET NOT NULL;
ALTER TABLE kinds.videos ALTER published DROP DEFAULT;
ALTER TABLE kinds.videos ALTER title SET STORAGE EXTERNAL;
-- Parents that got columns after their heirs, and heirs whose columns are in another order.
ALTER TABLE kinds.contents ADD COLUMN added_later integer DEFAULT 3 NOT NULL;
ALTER TABLE kinds.priced ADD COLUMN "added, too" text;
ALTER TABLE kinds.videos ADD COLUMN of_its_own text DEFAULT 'x';
ALTER TABLE kinds.contents ADD COLUMN last_one text COLLATE "C";
CREATE TABLE kinds.joined_later (last_one text COLLATE "C", id integer NOT NULL, title text NOT NULL, own text, added_later integer NOT NULL, published date,
    CONSTRAINT title_length CHECK (length(title) < 300));
ALTER TABLE kinds.joined_later INHERIT kinds.contents;
CREATE TABLE kinds.left_again () INHERITS (kinds.priced);
ALTER TABLE kinds.left_again NO INHERIT kinds.priced;
CREATE INDEX videos_title ON kinds.videos (title);
INSERT INTO kinds.contents (title) VALUES ('About us');
INSERT INTO kinds.videos (title, length) VALUES ('Knots', '1:02:03'), ('Ropes', '59 min');
INSERT INTO kinds.courses (title, price, lessons, level) SELECT 'Course ' || n, n, n, 'amber' FROM generate_series(1, 9) n;
INSERT INTO kinds.short_courses (title, lessons) VALUES ('Short', 1);
INSERT INTO kinds.joined_later (id, title, added_later) VALUES (77, 'Joined', 8);
