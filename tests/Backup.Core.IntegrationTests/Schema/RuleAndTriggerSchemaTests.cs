using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.Schema;

[Collection(RestoreCollection.Name)]
public sealed class RuleAndTriggerSchemaTests(PostgresFixture postgres)
{
    [Fact]
    public Task ReadAsync_Rules_ComeBackIdentical() =>
        SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """"
            CREATE TABLE public.log (what text, at timestamptz DEFAULT now());
            CREATE TABLE public.thing (id integer, "Na""me" text);
            CREATE VIEW public.things AS SELECT * FROM public.thing;
            CREATE RULE ins AS ON INSERT TO public.things DO INSTEAD INSERT INTO public.thing VALUES (NEW.id, NEW."Na""me")
                RETURNING thing.id, thing."Na""me";
            CREATE RULE "del ""rule""" AS ON DELETE TO public.things DO INSTEAD NOTHING;
            CREATE RULE upd AS ON UPDATE TO public.thing WHERE OLD.id IS DISTINCT FROM NEW.id DO ALSO (INSERT INTO public.log
                VALUES (E'it''s \\ x\n$$' || NEW.id); DELETE FROM public.log WHERE what = 'x';);
            CREATE RULE note AS ON INSERT TO public.thing DO ALSO NOTIFY thing;
            ALTER TABLE public.thing DISABLE RULE note;
            ALTER TABLE public.thing ENABLE ALWAYS RULE upd;
            COMMENT ON RULE upd ON public.thing IS 'logs';
            """");

    [Fact]
    public Task ReadAsync_Triggers_ComeBackIdentical() =>
        SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """"
            CREATE TABLE public.ledger (id integer PRIMARY KEY, "Am""ount" numeric, note text);
            CREATE VIEW public.ledgers AS SELECT * FROM public.ledger;
            CREATE FUNCTION public.fire() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
            CREATE FUNCTION public."Fire ""2"""() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
            CREATE TRIGGER a_before BEFORE INSERT OR UPDATE OF "Am""ount", note ON public.ledger FOR EACH ROW WHEN
                (NEW."Am""ount" > 0 AND NEW.note <> E'it''s \\ $$') EXECUTE FUNCTION public.fire('it''s', E'a\\b\n', '');
            CREATE TRIGGER "B ""after" AFTER DELETE OR TRUNCATE ON public.ledger FOR EACH STATEMENT EXECUTE FUNCTION
                public."Fire ""2"""();
            CREATE TRIGGER c_transition AFTER UPDATE ON public.ledger REFERENCING OLD TABLE AS "Old" NEW TABLE AS new_rows FOR
                EACH STATEMENT EXECUTE FUNCTION public.fire();
            CREATE CONSTRAINT TRIGGER d_deferred AFTER INSERT ON public.ledger DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
                EXECUTE FUNCTION public.fire();
            CREATE CONSTRAINT TRIGGER d_from AFTER INSERT ON public.ledger FROM pg_catalog.pg_class NOT DEFERRABLE FOR EACH
                ROW EXECUTE FUNCTION public.fire();
            CREATE TRIGGER e_disabled BEFORE INSERT ON public.ledger FOR EACH ROW EXECUTE FUNCTION
                suppress_redundant_updates_trigger();
            CREATE TRIGGER f_always BEFORE INSERT ON public.ledger FOR EACH ROW EXECUTE FUNCTION public.fire();
            CREATE TRIGGER g_replica BEFORE INSERT ON public.ledger FOR EACH ROW EXECUTE FUNCTION public.fire();
            CREATE TRIGGER h_instead INSTEAD OF INSERT ON public.ledgers FOR EACH ROW EXECUTE FUNCTION public.fire();
            ALTER TABLE public.ledger DISABLE TRIGGER e_disabled;
            ALTER TABLE public.ledger ENABLE ALWAYS TRIGGER f_always;
            ALTER TABLE public.ledger ENABLE REPLICA TRIGGER g_replica;
            COMMENT ON TRIGGER a_before ON public.ledger IS 'first';
            CREATE TABLE public.parted (id integer, k integer) PARTITION BY LIST (k);
            CREATE TABLE public.part_1 PARTITION OF public.parted FOR VALUES IN (1);
            CREATE TABLE public.part_2 PARTITION OF public.parted FOR VALUES IN (2) PARTITION BY RANGE (id);
            CREATE TABLE public.part_2a PARTITION OF public.part_2 DEFAULT;
            CREATE TRIGGER on_parted AFTER INSERT ON public.parted FOR EACH ROW EXECUTE FUNCTION public.fire();
            CREATE TRIGGER on_parted_off AFTER INSERT ON public.parted FOR EACH ROW EXECUTE FUNCTION public.fire();
            CREATE TRIGGER own_of_part AFTER INSERT ON public.part_1 FOR EACH ROW EXECUTE FUNCTION public.fire();
            ALTER TABLE public.part_1 DISABLE TRIGGER on_parted;
            ALTER TABLE public.part_2a ENABLE ALWAYS TRIGGER on_parted;
            ALTER TABLE public.parted DISABLE TRIGGER on_parted_off;
            ALTER TABLE public.part_2a ENABLE TRIGGER on_parted_off;
            """");

    [Fact]
    public Task ReadAsync_EventTriggers_ComeBackIdentical() =>
        SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """"
            CREATE FUNCTION public.audit() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no ddl: %',
                tg_tag; END $$;
            CREATE FUNCTION public."Audit 2"() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
            CREATE TABLE public.t (id integer PRIMARY KEY);
            CREATE MATERIALIZED VIEW public.m AS SELECT * FROM public.t;
            COMMENT ON FUNCTION public.audit() IS 'x';
            CREATE EVENT TRIGGER on_end ON ddl_command_end EXECUTE FUNCTION public."Audit 2"();
            CREATE EVENT TRIGGER "On ""Drop""" ON sql_drop WHEN TAG IN ('DROP TABLE', 'DROP FUNCTION') EXECUTE FUNCTION
                public."Audit 2"();
            CREATE EVENT TRIGGER disabled ON ddl_command_start EXECUTE FUNCTION public.audit();
            ALTER EVENT TRIGGER disabled DISABLE;
            ALTER EVENT TRIGGER "On ""Drop""" ENABLE ALWAYS;
            COMMENT ON EVENT TRIGGER on_end IS 'at the end';
            CREATE EVENT TRIGGER strict ON ddl_command_start WHEN TAG IN ('CREATE TABLE', 'CREATE INDEX', 'ALTER TABLE',
                'REFRESH MATERIALIZED VIEW', 'GRANT') EXECUTE FUNCTION public.audit();
            """");
}
