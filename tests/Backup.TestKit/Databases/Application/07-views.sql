SET ROLE shop_owner;

CREATE VIEW shop.open_orders WITH (security_barrier = true) AS
    SELECT id, number, customer_id, status, placed_at, total FROM shop.orders WHERE status IN ('draft', 'placed')
    WITH LOCAL CHECK OPTION;
CREATE VIEW shop.dear_open_orders AS SELECT * FROM shop.open_orders WHERE total > 100 WITH CASCADED CHECK OPTION;
ALTER VIEW shop.open_orders ALTER COLUMN status SET DEFAULT 'placed';
COMMENT ON VIEW shop.open_orders IS 'Not paid yet';
COMMENT ON COLUMN shop.open_orders.total IS 'Net';

-- Grouped by a primary key: the view needs the constraint, which exists only after the data is loaded.
CREATE VIEW shop.order_sums AS
    SELECT o.id, o.number, o.total, count(i.line) AS lines, coalesce(sum(i.amount), 0) AS sum
      FROM shop.orders o LEFT JOIN shop.order_items i ON i.order_id = o.id
     GROUP BY o.id;
CREATE VIEW shop.wrong_sums AS SELECT * FROM shop.order_sums WHERE total <> sum;

CREATE VIEW shop.customer_cards ("Name", "E-Mail", "City", "It's", last) AS
    SELECT c.name, c.email, (c.home).city, c.tags[1], (SELECT max(o.placed_at) FROM shop.orders o WHERE o.customer_id = c.id)
      FROM shop.customers c;

CREATE RECURSIVE VIEW shop.referrals (id, chain) AS
    SELECT id, ARRAY[id] FROM shop.customers WHERE referred_by IS NULL
    UNION ALL
    SELECT c.id, r.chain || c.id FROM shop.customers c JOIN referrals r ON r.id = c.referred_by;

CREATE VIEW learning.everything AS
    SELECT tableoid::regclass::text AS kind, c.* FROM learning.contents c
    UNION ALL
    SELECT 'certificate', id, 'Certificate ' || id, enrolled_on FROM learning.certificates;

CREATE VIEW learning.ranking AS
    SELECT student, course, rank() OVER best AS rank, lag(progress, 1, 0) OVER best AS next_better
      FROM learning.enrolments
    WINDOW best AS (PARTITION BY course ORDER BY progress DESC);

-- Uses a function that reads another view: the chain crosses kinds of objects.
CREATE FUNCTION shop.orders_of(customer shop.customers) RETURNS SETOF shop.open_orders
    LANGUAGE sql STABLE AS 'SELECT o.* FROM shop.open_orders o WHERE o.customer_id = $1.id';
CREATE VIEW shop.customers_with_open_orders AS
    SELECT c.id, c.name, (SELECT count(*) FROM shop.orders_of(c)) AS open FROM shop.customers c;
CREATE FUNCTION shop.count_dear() RETURNS bigint LANGUAGE sql STABLE BEGIN ATOMIC
    SELECT count(*) FROM shop.dear_open_orders;
END;

CREATE MATERIALIZED VIEW shop.revenue WITH (fillfactor = 80) AS
    SELECT date_trunc('month', o.placed_at) AS month, o.status, count(*) AS orders, sum(o.total) AS total
      FROM shop.orders o GROUP BY 1, 2;
CREATE UNIQUE INDEX revenue_month ON shop.revenue (month, status);
COMMENT ON MATERIALIZED VIEW shop.revenue IS 'By month';
CREATE VIEW shop.revenue_paid AS SELECT month, total FROM shop.revenue WHERE status = 'paid';
CREATE MATERIALIZED VIEW shop.a_yearly_revenue AS
    SELECT date_trunc('year', month) AS year, sum(total) AS total FROM shop.revenue_paid GROUP BY 1;
CREATE MATERIALIZED VIEW shop."A never filled one" AS SELECT id, sum FROM shop.order_sums WITH NO DATA;
CREATE INDEX ON shop."A never filled one" (sum);

GRANT SELECT ON shop.revenue, shop.order_sums TO shop_authenticated;
GRANT SELECT (id, name), UPDATE (newsletter), REFERENCES (id) ON shop.customers TO shop_authenticated;
GRANT SELECT (price) ON shop.products TO shop_anon WITH GRANT OPTION;
GRANT INSERT (note), UPDATE (note) ON shop.orders TO shop_authenticated;
GRANT SELECT, TRUNCATE, TRIGGER ON shop.carts TO PUBLIC;
REVOKE ALL ON shop.addresses_of_type FROM shop_owner;
REVOKE ALL ON shop.teams FROM shop_anon;
GRANT ALL ON learning.courses TO shop_service;

RESET ROLE;

-- Granted by someone else than the owner.
SET ROLE shop_service;
GRANT SELECT ON shop.products TO "Shop ""Auditor""";
RESET ROLE;
ALTER VIEW learning.ranking OWNER TO shop_service;
