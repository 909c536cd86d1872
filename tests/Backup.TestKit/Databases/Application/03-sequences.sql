SET ROLE shop_owner;

CREATE SEQUENCE shop.order_numbers START WITH 10001 INCREMENT BY 7 CACHE 20;
CREATE SEQUENCE shop.countdown AS smallint INCREMENT BY -3 MINVALUE -300 MAXVALUE 300 START WITH 300 CYCLE;
CREATE SEQUENCE shop."Never Used" AS integer MINVALUE 5;
CREATE SEQUENCE shop.at_the_end AS bigint MAXVALUE 3;
COMMENT ON SEQUENCE shop.order_numbers IS 'Seven apart, so that nobody guesses the neighbour''s';

GRANT SELECT, USAGE ON SEQUENCE shop.order_numbers TO shop_anon;
GRANT UPDATE ON SEQUENCE shop.order_numbers TO shop_service WITH GRANT OPTION;

SELECT nextval('shop.order_numbers') FROM generate_series(1, 3);
SELECT nextval('shop.countdown') FROM generate_series(1, 205);
SELECT nextval('shop.at_the_end') FROM generate_series(1, 3);

RESET ROLE;
