INSERT INTO auth.users (id, email, raw_user_meta_data, created_at)
    SELECT md5('user' || n)::uuid, 'user' || n || '@example.com', jsonb_build_object('n', n, 'name', 'Ü' || n), '2026-01-01Z'
      FROM generate_series(1, 40) n;
INSERT INTO shop.customers (user_id, name, email, home, former, referred_by, tags)
    SELECT CASE WHEN n % 4 > 0 THEN md5('user' || n)::uuid END, 'Customer ' || n, 'customer' || n || '@example.org',
           ROW('Straße "' || n || '", rear', n || 'b', CASE WHEN n % 5 > 0 THEN 'Ort' END, 'DE')::shop.address,
           CASE WHEN n % 3 = 0 THEN ARRAY[ROW('Old (St.)', '', 'Was', 'FR'), NULL]::shop.address[] END,
           CASE WHEN n > 10 THEN 1001 + 3 * (n % 10) END, ARRAY['tag ' || n % 3, 'a,b', '"', NULL]
      FROM generate_series(1, 40) n;
INSERT INTO shop.products (sku, title, description, price, weight_kg, attributes, available, thumbnail)
    SELECT 'sku-' || n, 'Product ' || n, repeat('Line ' || n || E'\n\t\\ "quoted" ', n), n + 0.99, n / 3.0,
           jsonb_build_object('colours', ARRAY['red', 'bl"ue'], 'size', n), daterange('2026-01-01', NULL), decode(md5(n::text), 'hex')
      FROM generate_series(1, 30) n;
INSERT INTO shop.orders (customer_id, status, placed_at, total, note)
    SELECT 1001 + 3 * (n % 40), (enum_range(NULL::shop.order_status))[1 + n % 5], '2026-01-01Z'::timestamptz + n * interval '7 hours',
           n * 10, CASE WHEN n % 7 = 0 THEN NULL WHEN n % 7 = 1 THEN '' ELSE E'\\N \\. \r\n\b\f\v ' || n END
      FROM generate_series(1, 120) n;
INSERT INTO shop.order_items (order_id, line, product_id, quantity, unit_price)
    SELECT o.id, l, 1 + (o.id + l) % 30, l, 9.99 FROM shop.orders o, generate_series(1, 3) l;
INSERT INTO shop.teams VALUES (1, 'Sales', NULL), (2, 'Support', NULL);
INSERT INTO shop.staff VALUES (1, 1, 'Ann'), (2, 2, 'Bob');
UPDATE shop.teams SET leader = id;
INSERT INTO shop.stock SELECT p.id, r, p.id * 3 FROM shop.products p, unnest(ARRAY['de', 'fr', 'us', 'jp']) r;
INSERT INTO shop.bookings VALUES
    (1, '[2026-01-01 10:00Z,2026-01-01 11:00Z)', false, '((0,0),(1,1))'), (1, '[2026-01-01 11:00Z,)', false, '((2,2),(3,3))'),
    (1, '(,)', true, '((4,4),(5,5))'), (NULL, 'empty', false, NULL);
INSERT INTO shop.carts (id, expires, lines) VALUES (md5('cart')::uuid, 'infinity', ARRAY['{"a": 1}', NULL]::jsonb[]);
INSERT INTO shop.addresses_of_type VALUES ('Long Road', '7', 'York', 'GB');
INSERT INTO public.notes (body) VALUES ('first'), (NULL), ('');

INSERT INTO learning.contents (title) VALUES ('About us');
INSERT INTO learning.videos (title, length) VALUES ('Knots', '1:02:03'), ('Ropes', '59 min');
INSERT INTO learning.courses (title, price, lessons, level) SELECT 'Course ' || n, n, n, 'advanced' FROM generate_series(1, 9) n;
INSERT INTO learning.enrolments (tenant, student, course, enrolled_on, progress, answers)
    SELECT n % 5, n, 4 + n % 9, date '2024-06-01' + n * 9, n % 101, jsonb_build_array(n, 'x' || n) FROM generate_series(1, 300) n;
INSERT INTO learning.certificates
    SELECT row_number() OVER (ORDER BY student), tenant, student, course, enrolled_on FROM learning.enrolments WHERE progress > 90;
INSERT INTO audit.events (at, actor, payload)
    SELECT '2025-11-01Z'::timestamptz + n * interval '1 day', 'actor ' || n % 3, '{"n": null}' FROM generate_series(1, 90) n;
INSERT INTO audit.replicated VALUES (1, 1, 'one'), (NULL, 2, NULL);

INSERT INTO "Hard ""Names"", ünï"."Table ""with"" 'quotes', spaces
and a newline" VALUES (1, DEFAULT, 'quoted', E'two\nlines', '雪 ☃ 𝔘', '%s'), (2, NULL, NULL, NULL, NULL, NULL);
INSERT INTO "Hard ""Names"", ünï"."UPPER" VALUES (1);
INSERT INTO "Hard ""Names"", ünï".upper VALUES (2), (3);
INSERT INTO "Hard ""Names"", ünï"."CON" VALUES (4);
INSERT INTO "Hard ""Names"", ünï".".." VALUES (5);
INSERT INTO "Hard ""Names"", ünï"."a/b\c:d*e?" VALUES (6);
INSERT INTO "Hard ""Names"", ünï"."user" VALUES ('me', 1, 2, 'three', true);

REFRESH MATERIALIZED VIEW shop.revenue;
REFRESH MATERIALIZED VIEW shop.a_yearly_revenue;
