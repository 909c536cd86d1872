using Npgsql;

namespace Backup.TestKit.Workloads;

/// <summary>A table of generated rows: the same rows in every database that it is made in.</summary>
public abstract class WorkloadTable
{
    private const int FlushBytes = 512 * 1024;

    /// <summary>Its name.</summary>
    public abstract string Name { get; }

    /// <summary>What follows <c>CREATE TABLE name</c>.</summary>
    protected abstract string Columns { get; }

    /// <summary>Makes the table and fills it until its rows are a number of bytes as COPY text.</summary>
    /// <returns>The number of its rows.</returns>
    public async Task<long> CreateAsync(NpgsqlConnection connection, long bytes, CancellationToken cancellationToken = default)
    {
        await using (var command = new NpgsqlCommand($"CREATE TABLE {Name} {Columns}", connection))
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        var rows = 0L;
        var text = new RowText();
        var copy = (NpgsqlCopyTextWriter)await connection.BeginTextImportAsync($"COPY {Name} FROM STDIN", cancellationToken);
        await using (copy)
        {
            for (var written = 0L; written < bytes; text.Clear())
            {
                while (text.Bytes.Length < FlushBytes && written + text.Bytes.Length < bytes)
                {
                    WriteRow(++rows, text);
                    text.EndRow();
                }

                await copy.BaseStream.WriteAsync(text.Bytes, cancellationToken);
                written += text.Bytes.Length;
            }
        }

        return rows;
    }

    /// <summary>Rows of the table as COPY text, whole ones, of at least a number of bytes.</summary>
    public byte[] MakeRows(int bytes)
    {
        var text = new RowText();
        for (var row = 1; text.Bytes.Length < bytes; row++)
        {
            WriteRow(row, text);
            text.EndRow();
        }

        return text.Bytes.ToArray();
    }

    /// <summary>Writes the fields of one row; called with 1, 2, 3 …</summary>
    protected abstract void WriteRow(long number, RowText row);
}
