using System.Globalization;
using System.Text;
using Backup.TestKit.Storage;
using Npgsql;

namespace Backup.TestKit.Databases;

/// <summary>
/// Files in a Storage and a table that names each of them (schema <c>register</c>). A file is stored before its row is written, so a
/// backup taken while <see cref="StartClerks"/> runs is right only if every row that it shows has its file.
/// </summary>
public static class DocumentRegister
{
    /// <summary>The bucket of texts, which pack well.</summary>
    public const string LettersBucket = "letters";

    /// <summary>The bucket of pictures, which do not pack at all. It takes pictures alone and has a limit of size.</summary>
    public const string PicturesBucket = "pictures";

    private const int PictureShare = 4;
    private const int MaxPictureBytes = 200_000;
    private const int MaxLetterLines = 400;
    private const int RowsPerInsert = 1000;

    private const string Table = """
        CREATE SCHEMA register;
        CREATE TABLE register.documents (
            bucket text NOT NULL,
            name text NOT NULL,
            etag text NOT NULL,
            PRIMARY KEY (bucket, name)
        );
        """;

    private const string Insert = """
        INSERT INTO register.documents (bucket, name, etag) SELECT * FROM unnest($1::text[], $2::text[], $3::text[])
        """;

    /// <summary>Makes the table, the buckets, and so many files in nested folders with their rows; the same number gives the same files.</summary>
    public static async Task CreateAsync(string connectionString, StorageServer server, int documents)
    {
        ArgumentNullException.ThrowIfNull(server);
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using (var command = new NpgsqlCommand(Table, connection))
        {
            await command.ExecuteNonQueryAsync();
        }

        await server.State.CreateBucketAsync(LettersBucket);
        await server.State.CreateBucketAsync(new BucketRow
        {
            Id = PicturesBucket,
            Name = PicturesBucket,
            IsPublic = true,
            FileSizeLimitBytes = 2 * MaxPictureBytes,
            AllowedMimeTypes = ["image/*"],
        });
        foreach (var batch in Enumerable.Range(0, documents).Select(Make).Chunk(RowsPerInsert))
        {
            await server.State.PutManyAsync(batch);
            await RegisterAsync(connection, batch);
        }
    }

    /// <summary>Starts so many clerks that store and register new files, numbered from a number on, until the result is disposed.</summary>
    public static DocumentClerks StartClerks(
        string connectionString, StorageServer server, int clerks, int firstNumber = DocumentClerks.FirstNumber) =>
        DocumentClerks.Start(connectionString, server, clerks, firstNumber);

    /// <summary>Compares the rows of a database with the files of a server.</summary>
    public static async Task<RegisterState> CheckAsync(string connectionString, StorageServer server)
    {
        ArgumentNullException.ThrowIfNull(server);
        var files = server.State.Buckets
            .SelectMany(bucket => server.State.Objects(bucket.Id))
            .ToDictionary(file => (file.BucketId, file.Name), file => file.Content?.ETag);
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT bucket, name, etag FROM register.documents", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = 0L;
        var lost = new List<string>();
        while (await reader.ReadAsync())
        {
            rows++;
            var key = (reader.GetString(0), reader.GetString(1));
            if (!files.TryGetValue(key, out var eTag) || eTag != reader.GetString(2))
            {
                lost.Add($"{key.Item1}/{key.Item2}");
            }
        }

        return new RegisterState(rows, files.Count, lost);
    }

    /// <summary>The n-th document.</summary>
    internal static NewObject Make(int number)
    {
        var random = new Random(number);
        var folder = string.Create(CultureInfo.InvariantCulture, $"{2020 + (number % 7)}/{1 + (number % 12):00}");
        return number % PictureShare == 0
            ? new NewObject(PicturesBucket, $"{folder}/IMG {number:D6} (1).jpg", StoredContent.Generated(number, random.Next(MaxPictureBytes)))
            {
                ContentType = "image/jpeg",
                CacheControl = "max-age=3600",
            }
            : new NewObject(LettersBucket, $"{folder}/To: you & me/{number:D6}.txt", StoredContent.Of(Letter(random)))
            {
                ContentType = "text/plain;charset=UTF-8",
                UserMetadata = $$"""{"number": {{number}}, "author": "Zoë"}""",
            };
    }

    /// <summary>Writes the rows of files that are stored.</summary>
    internal static async Task RegisterAsync(NpgsqlConnection connection, IReadOnlyList<NewObject> documents)
    {
        await using var command = new NpgsqlCommand(Insert, connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. documents.Select(file => file.Bucket)] });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. documents.Select(file => file.Name)] });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. documents.Select(file => file.Content!.ETag)] });
        await command.ExecuteNonQueryAsync();
    }

    private static string Letter(Random random)
    {
        var text = new StringBuilder();
        for (var line = random.Next(MaxLetterLines); line > 0; line--)
        {
            text.Append(CultureInfo.InvariantCulture, $"Dear {random.Next(1000)}, thank you for your letter of day {random.Next(365)}.\n");
        }

        return text.ToString();
    }
}
