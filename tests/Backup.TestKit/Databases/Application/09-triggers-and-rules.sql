SET ROLE shop_owner;

CREATE FUNCTION audit.stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_NARGS > 0 THEN
        RAISE DEBUG '%', TG_ARGV[0];
    END IF;
    NEW.version := OLD.version + 1;
    RETURN NEW;
END $$;

CREATE FUNCTION audit.note_changes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO audit.events (at, payload)
    SELECT '2026-03-01Z', pg_catalog.jsonb_build_object('table', TG_TABLE_NAME, 'op', TG_OP, 'rows', pg_catalog.count(*)) FROM fresh;
    RETURN NULL;
END $$;

CREATE FUNCTION audit.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused by %', TG_NAME; END $$;
CREATE FUNCTION audit.keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;

CREATE TRIGGER customers_version BEFORE UPDATE OF name, email ON shop.customers
    FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION audit.stamp('it''s', E'a\\b', '', 'ü
');
COMMENT ON TRIGGER customers_version ON shop.customers IS 'Optimistic locking';
CREATE TRIGGER orders_inserted AFTER INSERT ON shop.orders
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION audit.note_changes();
CREATE TRIGGER orders_updated AFTER UPDATE ON shop.orders
    REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION audit.note_changes();
CREATE CONSTRAINT TRIGGER order_items_total AFTER INSERT OR DELETE OR UPDATE ON shop.order_items
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit.keep();
CREATE CONSTRAINT TRIGGER staff_of_team AFTER INSERT ON shop.teams FROM auth.users
    NOT DEFERRABLE FOR EACH ROW EXECUTE FUNCTION audit.keep();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON shop.orders EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER "Disabled one" BEFORE INSERT ON shop.products FOR EACH ROW EXECUTE FUNCTION audit.refuse();
ALTER TABLE shop.products DISABLE TRIGGER "Disabled one";
CREATE TRIGGER always BEFORE INSERT ON audit.replicated FOR EACH ROW EXECUTE FUNCTION audit.keep();
ALTER TABLE audit.replicated ENABLE ALWAYS TRIGGER always;
CREATE TRIGGER on_replicas BEFORE INSERT ON audit.replicated FOR EACH ROW EXECUTE FUNCTION audit.keep();
ALTER TABLE audit.replicated ENABLE REPLICA TRIGGER on_replicas;

-- Of a partitioned table: partitions get clones, one of which is switched off.
CREATE TRIGGER enrolments_keep BEFORE INSERT OR UPDATE ON learning.enrolments FOR EACH ROW EXECUTE FUNCTION audit.keep();
ALTER TABLE learning.enrolments_old DISABLE TRIGGER enrolments_keep;

CREATE TRIGGER open_orders_insert INSTEAD OF INSERT ON shop.open_orders FOR EACH ROW EXECUTE FUNCTION audit.keep();

CREATE RULE customer_cards_insert AS ON INSERT TO shop.customer_cards DO INSTEAD
    INSERT INTO shop.customers (name, email) VALUES (NEW."Name", NEW."E-Mail"::shop.email);
CREATE RULE customer_cards_delete AS ON DELETE TO shop.customer_cards DO INSTEAD NOTHING;
RESET ROLE;

CREATE RULE "log, and again" AS ON UPDATE TO shop.staff WHERE NEW.name <> OLD.name DO ALSO (
    INSERT INTO audit.ddl_log (tag, object) VALUES ('renamed', OLD.name);
    INSERT INTO audit.ddl_log (tag, object) VALUES ('to', NEW.name)
);
CREATE RULE keep_them AS ON DELETE TO shop.teams DO INSTEAD NOTHING;
ALTER TABLE shop.teams DISABLE RULE keep_them;
COMMENT ON RULE "log, and again" ON shop.staff IS 'Two actions';

CREATE FUNCTION audit.on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit.ddl_log (tag, object) SELECT command_tag, object_identity FROM pg_event_trigger_ddl_commands();
END $$;
CREATE EVENT TRIGGER shop_log_ddl ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'CREATE VIEW') EXECUTE FUNCTION audit.on_ddl();
CREATE EVENT TRIGGER "Shop off" ON sql_drop EXECUTE FUNCTION audit.on_ddl();
ALTER EVENT TRIGGER "Shop off" DISABLE;
COMMENT ON EVENT TRIGGER shop_log_ddl IS 'Who made what';
