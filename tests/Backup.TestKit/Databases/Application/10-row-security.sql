SET ROLE shop_owner;

ALTER TABLE shop.customers ENABLE ROW LEVEL SECURITY;
ALTER TABLE shop.orders ENABLE ROW LEVEL SECURITY;
ALTER TABLE shop.order_items ENABLE ROW LEVEL SECURITY;
ALTER TABLE learning.enrolments ENABLE ROW LEVEL SECURITY;
ALTER TABLE auth.users ENABLE ROW LEVEL SECURITY;
ALTER TABLE auth.users FORCE ROW LEVEL SECURITY;
ALTER TABLE shop.products FORCE ROW LEVEL SECURITY;

CREATE POLICY "Customers see themselves" ON shop.customers FOR SELECT TO shop_authenticated USING (user_id = auth.uid());
CREATE POLICY "and change themselves" ON shop.customers FOR UPDATE TO shop_authenticated
    USING (user_id = auth.uid()) WITH CHECK (user_id = auth.uid() AND name <> 'admin''s');
CREATE POLICY everyone_may_register ON shop.customers FOR INSERT WITH CHECK (true);
CREATE POLICY not_the_deleted ON shop.customers AS RESTRICTIVE TO shop_anon, shop_authenticated USING (name !~ '^\[deleted\]');
CREATE POLICY own_orders ON shop.orders USING (
    customer_id IN (SELECT c.id FROM shop.customers c WHERE c.user_id = auth.uid())
);
CREATE POLICY own_items ON shop.order_items FOR DELETE TO shop_authenticated
    USING (EXISTS (SELECT FROM shop.orders o WHERE o.id = order_items.order_id AND o.status = 'draft'));
CREATE POLICY tenant ON learning.enrolments USING (tenant = current_setting('app.tenant', true)::integer);
COMMENT ON POLICY "Customers see themselves" ON shop.customers IS 'It''s theirs';

RESET ROLE;
