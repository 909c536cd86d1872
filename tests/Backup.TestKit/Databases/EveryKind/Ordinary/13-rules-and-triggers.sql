CREATE TABLE kinds.log (what text, n integer);
CREATE FUNCTION kinds.note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO kinds.log SELECT TG_NAME || TG_OP, pg_catalog.count(*) FROM fresh;
    RETURN NULL;
END $$;
CREATE TRIGGER before_update BEFORE UPDATE OF leader, id ON kinds.teams FOR EACH ROW
    WHEN (OLD.leader IS DISTINCT FROM NEW.leader) EXECUTE FUNCTION kinds.keep('it''s', E'a\\b', '', 'ü
');
COMMENT ON TRIGGER before_update ON kinds.teams IS 'A trigger';
CREATE TRIGGER inserted AFTER INSERT ON kinds.teams REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION kinds.note();
CREATE TRIGGER updated AFTER UPDATE ON kinds.teams REFERENCING OLD TABLE AS "Stale ones" NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION kinds.note();
CREATE CONSTRAINT TRIGGER deferred AFTER INSERT OR DELETE OR UPDATE ON kinds.staff DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION kinds.keep();
CREATE CONSTRAINT TRIGGER from_other AFTER INSERT ON kinds.teams FROM kinds.staff NOT DEFERRABLE FOR EACH ROW EXECUTE FUNCTION kinds.keep();
CREATE TRIGGER truncated BEFORE TRUNCATE ON kinds.teams EXECUTE FUNCTION kinds.quiet();
CREATE TRIGGER "Disabled ""one"", ☃" BEFORE INSERT ON kinds.staff FOR EACH ROW EXECUTE FUNCTION kinds.quiet();
ALTER TABLE kinds.staff DISABLE TRIGGER "Disabled ""one"", ☃";
CREATE TRIGGER always BEFORE INSERT ON kinds.columns FOR EACH ROW EXECUTE FUNCTION kinds.keep();
ALTER TABLE kinds.columns ENABLE ALWAYS TRIGGER always;
CREATE TRIGGER on_replicas BEFORE INSERT ON kinds.columns FOR EACH ROW EXECUTE FUNCTION kinds.quiet();
ALTER TABLE kinds.columns ENABLE REPLICA TRIGGER on_replicas;
-- Partitions get clones; one is switched off, one fires always.
CREATE TRIGGER of_all_parts BEFORE INSERT OR UPDATE ON kinds.by_range FOR EACH ROW EXECUTE FUNCTION kinds.keep();
ALTER TABLE kinds.by_range_old DISABLE TRIGGER of_all_parts;
ALTER TABLE kinds.by_range_2025_1 ENABLE ALWAYS TRIGGER of_all_parts;
CREATE TRIGGER of_one_part AFTER INSERT ON kinds.by_range_2026 FOR EACH ROW EXECUTE FUNCTION kinds.keep();
CREATE TRIGGER instead INSTEAD OF INSERT ON kinds.cheap_named FOR EACH ROW EXECUTE FUNCTION kinds.keep();

CREATE RULE card_insert AS ON INSERT TO kinds.grouped DO INSTEAD INSERT INTO kinds.courses (title, lessons) VALUES (NEW.title, 1);
CREATE RULE card_delete AS ON DELETE TO kinds.grouped DO INSTEAD NOTHING;
CREATE RULE "two, ""actions""" AS ON UPDATE TO kinds.staff WHERE NEW.team <> OLD.team DO ALSO (
    INSERT INTO kinds.log VALUES ('from', OLD.team);
    INSERT INTO kinds.log VALUES ('to', NEW.team)
);
CREATE RULE keep_them AS ON DELETE TO kinds.teams DO INSTEAD NOTHING;
ALTER TABLE kinds.teams DISABLE RULE keep_them;
CREATE RULE tell AS ON INSERT TO kinds.log DO ALSO NOTIFY "Chan ""nel""";
ALTER TABLE kinds.log ENABLE REPLICA RULE tell;
COMMENT ON RULE "two, ""actions""" ON kinds.staff IS 'Two actions';
