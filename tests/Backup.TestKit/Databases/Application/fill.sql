-- Believable rows in any number. Every value follows from the row's number and the seed: the same arguments give the same
-- rows on every server. Triggers and foreign keys are off for speed; what is written satisfies them.
SET LOCAL session_replication_role = replica;
SET LOCAL synchronous_commit = off;

CREATE FUNCTION pg_temp.dice(n bigint, salt integer) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    RETURN hashint8extended(n, current_setting('fill.seed')::bigint * 1000 + salt) & 4611686018427387903;

CREATE FUNCTION pg_temp.sentence(dice bigint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (ARRAY['The parcel', 'My order', 'This course', 'The second lesson', 'A friend of mine', 'Die Lieferung', 'The support team',
                  'Le produit', 'Our workshop', 'The "deluxe" edition', 'Nobody here', 'The whole class'])[1 + dice % 12]
        || (ARRAY[' arrived', ' was explained', ' came apart', ' surprised us', ' has been returned', ' works', ' kam an', ' took ages',
                  ' was worth it', ' made sense', ' looked different'])[1 + (dice >> 8) % 11]
        || (ARRAY[' after three days', ' without any trouble', ', which I did not expect', ' in the end', ' on time', ' — naturally',
                  E'\n\tand then again', ' für 12,50 €', ' at least twice', ' because it''s late', ' \o/', ' as described', ' too soon'])[1 + (dice >> 16) % 13]
        || ' (' || (dice >> 24) % 10000 || '). ';

INSERT INTO auth.users (id, email, encrypted_password, raw_user_meta_data, created_at)
SELECT md5('fill' || n)::uuid, 'person.' || n || '@example.net', '$2a$10$' || md5(pg_temp.dice(n, 1)::text),
       jsonb_build_object('theme', CASE pg_temp.dice(n, 2) % 2 WHEN 0 THEN 'dark' ELSE 'light' END, 'logins', pg_temp.dice(n, 3) % 500),
       '2024-01-01Z'::timestamptz + pg_temp.dice(n, 4) % 60000000 * interval '1 second'
  FROM generate_series(1, current_setting('fill.units')::bigint) n;

INSERT INTO shop.customers (id, user_id, name, email, home, tags, newsletter) OVERRIDING SYSTEM VALUE
SELECT 1000000 + n, md5('fill' || n)::uuid,
       (ARRAY['Ada', 'Bo', 'Chloé', 'Dmitri', 'Élodie', 'Farid', 'Grace', 'Hà'])[1 + pg_temp.dice(n, 5) % 8] || ' '
           || (ARRAY['Ångström', 'Brown', 'Çelik', 'O''Neil', 'Müller', 'Nguyễn', 'Smith'])[1 + pg_temp.dice(n, 6) % 7] || ' ' || n,
       'person.' || n || '@example.net',
       ROW((ARRAY['High Street', 'Rue "Neuve"', 'Am Bach', 'Long, winding Road'])[1 + pg_temp.dice(n, 7) % 4], pg_temp.dice(n, 8) % 200,
           (ARRAY['London', 'Paris', 'Ulm', NULL])[1 + pg_temp.dice(n, 9) % 4], 'DE')::shop.address,
       CASE WHEN pg_temp.dice(n, 10) % 3 = 0 THEN ARRAY['vip', 'since ' || 2000 + pg_temp.dice(n, 11) % 26] END,
       nullif(pg_temp.dice(n, 12) % 3, 2)::integer::boolean
  FROM generate_series(1, current_setting('fill.units')::bigint) n;

INSERT INTO shop.orders (id, number, customer_id, status, placed_at, total, note)
SELECT 1000000 + n, 'F-' || n, 1000001 + (n - 1) / 3, (enum_range(NULL::shop.order_status))[1 + pg_temp.dice(n, 20) % 6],
       '2025-01-01Z'::timestamptz + n * interval '97 seconds', (pg_temp.dice(n, 21) % 100000) / 100.0,
       CASE WHEN pg_temp.dice(n, 22) % 4 = 0 THEN pg_temp.sentence(pg_temp.dice(n, 23)) END
  FROM generate_series(1, 3 * current_setting('fill.units')::bigint) n;

INSERT INTO shop.order_items (order_id, line, product_id, quantity, unit_price)
SELECT 1000001 + (n - 1) / 3, 1 + n % 3, 1 + pg_temp.dice(n, 30) % 30, 1 + pg_temp.dice(n, 31) % 9, (pg_temp.dice(n, 32) % 50000) / 100.0
  FROM generate_series(1, 9 * current_setting('fill.units')::bigint) n;

INSERT INTO shop.reviews (product_id, customer_id, stars, body, facts, written_at)
SELECT 1 + pg_temp.dice(n, 40) % 30, 1000001 + (n - 1) / 2, 1 + pg_temp.dice(n, 41) % 5,
       (SELECT string_agg(pg_temp.sentence(pg_temp.dice(n, 1000 + s)), '') FROM generate_series(1, 1 + (pg_temp.dice(n, 42) % 8)::integer) s),
       jsonb_build_object('helpful', pg_temp.dice(n, 43) % 100, 'verified', pg_temp.dice(n, 44) % 2 = 0, 'device', md5(n::text)),
       '2025-06-01Z'::timestamptz + n * interval '61 seconds'
  FROM generate_series(1, 2 * current_setting('fill.units')::bigint) n;

INSERT INTO learning.submissions (id, student, essay, attachment, handed_in)
SELECT md5('submission' || n)::uuid, 1 + pg_temp.dice(n, 50) % 1000,
       (SELECT string_agg(pg_temp.sentence(pg_temp.dice(n, 2000 + s)), '') FROM generate_series(1, 100) s),
       (SELECT string_agg(decode(md5(pg_temp.dice(n, 3000 + s)::text), 'hex'), '') FROM generate_series(1, 150) s),
       '2026-01-01'::timestamp + n * interval '11 minutes'
  FROM generate_series(1, current_setting('fill.units')::bigint / 20) n;

INSERT INTO audit.events (at, actor, payload)
SELECT '2025-07-01Z'::timestamptz + n * interval '73 seconds', 'person.' || pg_temp.dice(n, 60) % 1000,
       jsonb_build_object('ip', '10.' || pg_temp.dice(n, 61) % 256 || '.1.' || pg_temp.dice(n, 62) % 256, 'path', '/orders/' || n,
                          'agent', 'Mozilla/5.0 (X11; Linux x86_64)', 'ms', (pg_temp.dice(n, 63) % 90000) / 100.0)
  FROM generate_series(1, 4 * current_setting('fill.units')::bigint) n;

SELECT setval(pg_get_serial_sequence('shop.customers', 'id'), 2000002 + 3 * current_setting('fill.units')::bigint),
       setval(pg_get_serial_sequence('shop.orders', 'id'), 2000000 + 3 * current_setting('fill.units')::bigint);

-- As a restore leaves them.
REFRESH MATERIALIZED VIEW shop.revenue;
REFRESH MATERIALIZED VIEW shop.a_yearly_revenue;
