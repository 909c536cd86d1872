using System.Globalization;
using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.Cli;

/// <summary>A small database with what a command line has to show: several schemas, keys, a sequence, an awkward name.</summary>
internal static class ShopDatabase
{
    private const string Script = """
        CREATE SCHEMA sales;
        CREATE TABLE public.customer (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, note text);
        CREATE TABLE sales.invoice (
            id bigint PRIMARY KEY, customer_id bigint NOT NULL REFERENCES public.customer, total numeric(12,2) NOT NULL);
        CREATE INDEX invoice_customer ON sales.invoice (customer_id);
        CREATE TABLE public."Odd
        name" (v text);
        INSERT INTO public.customer (name, note) SELECT 'customer ' || n, repeat('x', n % 50) FROM generate_series(1, 2000) n;
        INSERT INTO sales.invoice SELECT n, n % 2000 + 1, n * 1.25 FROM generate_series(1, 5000) n;
        INSERT INTO public."Odd
        name" VALUES (E'a\tb\\c'), (NULL);
        CREATE VIEW sales.totals AS SELECT customer_id, sum(total) AS total FROM sales.invoice GROUP BY customer_id;
        """;

    /// <summary>Makes one; returns its connection string.</summary>
    public static Task<string> CreateAsync(PostgresFixture postgres) => CreateAsync(postgres, Script);

    /// <summary>Makes one whose backup takes many seconds with <c>--codec zstd --level 19 --jobs 1</c>, as digests do not pack.</summary>
    public static Task<string> CreateBusyAsync(PostgresFixture postgres, int rows = 250_000) => CreateAsync(postgres, string.Create(
        CultureInfo.InvariantCulture,
        $"""
        CREATE TABLE public.busy AS
        SELECT n, md5(n::text) || md5((n + 1)::text) || md5((n * 7)::text) AS noise FROM generate_series(1, {rows}) n;
        """));

    private static async Task<string> CreateAsync(PostgresFixture postgres, string script)
    {
        var name = await postgres.Server.CreateDatabaseAsync();
        await postgres.Server.ExecuteAsync(name, script);
        return postgres.Server.ConnectionString(name);
    }
}
