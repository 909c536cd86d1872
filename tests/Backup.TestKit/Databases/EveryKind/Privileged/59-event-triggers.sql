CREATE FUNCTION kinds.on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO kinds.log SELECT command_tag, 1 FROM pg_event_trigger_ddl_commands();
END $$;
CREATE FUNCTION kinds.on_any() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER kinds_ddl ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'CREATE VIEW') EXECUTE FUNCTION kinds.on_ddl();
CREATE EVENT TRIGGER "Kinds' ""drop""" ON sql_drop EXECUTE FUNCTION kinds.on_any();
ALTER EVENT TRIGGER "Kinds' ""drop""" DISABLE;
CREATE EVENT TRIGGER kinds_start ON ddl_command_start EXECUTE FUNCTION kinds.on_any();
ALTER EVENT TRIGGER kinds_start ENABLE ALWAYS;
CREATE EVENT TRIGGER kinds_rewrite ON table_rewrite EXECUTE FUNCTION kinds.on_any();
ALTER EVENT TRIGGER kinds_rewrite ENABLE REPLICA;
COMMENT ON EVENT TRIGGER kinds_ddl IS 'Who made what';
