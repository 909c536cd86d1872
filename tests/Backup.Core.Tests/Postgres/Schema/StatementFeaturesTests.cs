using Backup.Core.Postgres.Schema;

namespace Backup.Core.Tests.Postgres.Schema;

public sealed class StatementFeaturesTests
{
    [Theory]
    [InlineData("CREATE UNIQUE INDEX i ON public.t USING btree (a) NULLS NOT DISTINCT;", 15)]
    [InlineData("ALTER TABLE public.t ADD CONSTRAINT f FOREIGN KEY (a, b) REFERENCES public.s(a, b) ON DELETE SET NULL (b);", 15)]
    [InlineData("CREATE TABLE public.t (a numeric(3,-2));", 15)]
    [InlineData("CREATE DOMAIN public.d AS numeric(2,4);", 15)]
    [InlineData("CREATE VIEW public.v AS SELECT regexp_count(t.a, 'x'::text) AS n FROM public.t;", 15)]
    [InlineData("CREATE VIEW public.v AS SELECT pg_catalog.regexp_count(t.a, 'x'::text) AS n FROM public.t;", 15)]
    [InlineData("CREATE VIEW public.v AS SELECT pg_stat_io.reads FROM pg_stat_io;", 16)]
    [InlineData("CREATE VIEW public.v AS SELECT XMLSERIALIZE(CONTENT t.a AS text NO INDENT) AS a FROM public.t;", 16)]
    [InlineData("CREATE TABLE public.t (a text COLLATE pg_catalog.pg_c_utf8);", 17)]
    [InlineData("CREATE FUNCTION f() RETURNS void LANGUAGE sql\n SET transaction_timeout TO '1s'\nAS $function$ $function$;", 17)]
    [InlineData("ALTER TABLE ONLY public.t ADD CONSTRAINT p PRIMARY KEY (a, b WITHOUT OVERLAPS);", 18)]
    public void Find_WhatOnlyNewerVersionsKnow_GivesTheFirstOne(string statement, int since)
    {
        var found = Assert.Single(new StatementFeatures().Find(statement));

        Assert.Equal(since, found.Since);
        Assert.True(found.IsMetBy(since));
        Assert.False(found.IsMetBy(since - 1));
    }

    [Fact]
    public void Find_WhatAVersionTookAway_GivesThatVersion()
    {
        var found = Assert.Single(new StatementFeatures().Find("CREATE VIEW public.v AS SELECT pg_is_in_backup() AS b;"));

        Assert.Equal(15, found.Before);
        Assert.True(found.IsMetBy(14));
        Assert.False(found.IsMetBy(15));
    }

    [Theory]
    [InlineData("CREATE TABLE public.t (a numeric(6,2), b numeric(4,4), c numeric(5,0), d numeric);")]
    [InlineData("CREATE VIEW public.v AS SELECT app.regexp_count(t.a) AS n FROM public.t;")]
    [InlineData("CREATE VIEW public.v AS SELECT t.regexp_count AS uuidv7 FROM public.t;")]
    [InlineData("COMMENT ON TABLE public.t IS 'NULLS NOT DISTINCT';")]
    [InlineData("SELECT 'it''s NULLS NOT DISTINCT', E'\\' WITHOUT OVERLAPS', \"NOT ENFORCED\";")]
    [InlineData("CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $function$ SELECT uuidv7(); $body$ $function$;")]
    [InlineData("CREATE VIEW public.v AS SELECT json_object('{a,1}'::text[]) AS o;")]
    [InlineData("ALTER TABLE public.t ALTER COLUMN a SET DEFAULT (1 + 2);")]
    [InlineData("SELECT 'never ends")]
    [InlineData("SELECT $tag$ never ends")]
    [InlineData("SELECT $1, a$b, $")]
    [InlineData("")]
    public void Find_WhatEveryVersionKnows_GivesNothing(string statement) => Assert.Empty(new StatementFeatures().Find(statement));

    [Fact]
    public void Find_TheSameTwice_GivesItOnce() =>
        Assert.Single(new StatementFeatures().Find("SELECT uuidv7(), uuidv7();"));
}
