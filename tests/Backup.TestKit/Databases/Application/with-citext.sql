CREATE TABLE shop.coupons (code extensions.citext PRIMARY KEY, former extensions.citext[] DEFAULT '{}', percent integer);
ALTER TABLE shop.coupons OWNER TO shop_owner;
COMMENT ON COLUMN shop.coupons.code IS 'Customers type it in any case';
INSERT INTO shop.coupons VALUES ('Summer26', '{SPRING26,"it''s"}', 10), ('WINTER', DEFAULT, 5);
