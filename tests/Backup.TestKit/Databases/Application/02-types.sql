SET ROLE shop_owner;

CREATE TYPE shop.order_status AS ENUM ('draft', 'placed', 'paid', 'shipped', 'returned');
ALTER TYPE shop.order_status ADD VALUE 'packed' BEFORE 'shipped';
COMMENT ON TYPE shop.order_status IS 'Life of an order';

CREATE TYPE shop.mood AS ENUM ('it''s fine', 'so "so"', 'ну да', '');
CREATE TYPE learning."Level" AS ENUM ('beginner', 'advanced');

CREATE DOMAIN shop.email AS text
    CONSTRAINT email_has_at CHECK (VALUE ~ '^[^@\s]+@[^@\s]+$')
    CONSTRAINT email_length CHECK (length(VALUE) <= 320);
COMMENT ON DOMAIN shop.email IS 'An address as customers type it';
COMMENT ON CONSTRAINT email_has_at ON DOMAIN shop.email IS 'Deliberately lax';

CREATE DOMAIN shop.positive AS numeric(12, 2) DEFAULT 1.00 NOT NULL CHECK (VALUE > 0);
CREATE DOMAIN shop.slug AS varchar(80) COLLATE "C" CONSTRAINT "slug's form" CHECK (VALUE ~ '^[a-z0-9]+(-[a-z0-9]+)*$');
CREATE DOMAIN shop.short_slug AS shop.slug CHECK (length(VALUE) <= 20);
CREATE DOMAIN shop.tags AS text[] DEFAULT '{}';
CREATE DOMAIN shop.rating AS smallint;
ALTER DOMAIN shop.rating ADD CONSTRAINT rating_in_stars CHECK (VALUE BETWEEN 1 AND 5) NOT VALID;

CREATE TYPE shop.address AS (street text COLLATE "C", "House No." varchar(10), city text, country char(2));
COMMENT ON TYPE shop.address IS 'A postal address';
COMMENT ON COLUMN shop.address."House No." IS 'May hold letters: 12b';
CREATE TYPE shop.price AS (amount numeric(12, 2), currency char(3));
CREATE TYPE shop.quote AS (at timestamptz, prices shop.price[], ship_to shop.address);
ALTER TYPE shop.price DROP ATTRIBUTE currency;
ALTER TYPE shop.price ADD ATTRIBUTE currency char(3);

CREATE FUNCTION shop.seconds_between(later time, earlier time) RETURNS double precision
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS 'SELECT extract(epoch FROM later - earlier)::double precision';

CREATE TYPE shop.opening_hours AS RANGE (
    subtype = time,
    subtype_diff = shop.seconds_between,
    multirange_type_name = shop.all_opening_hours
);
CREATE TYPE shop.text_range AS RANGE (subtype = text, collation = "C");
COMMENT ON TYPE shop.opening_hours IS 'From opening to closing';

GRANT USAGE ON TYPE shop.order_status TO shop_anon WITH GRANT OPTION;
REVOKE USAGE ON TYPE shop.price FROM PUBLIC;

RESET ROLE;
