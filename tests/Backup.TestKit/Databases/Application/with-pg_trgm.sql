CREATE INDEX products_title_trgm ON shop.products USING gin (title extensions.gin_trgm_ops);
CREATE INDEX customers_name_trgm ON shop.customers USING gist (name extensions.gist_trgm_ops (siglen = 32));
