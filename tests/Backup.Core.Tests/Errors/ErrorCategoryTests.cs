using System.Net.Sockets;
using System.Security.Authentication;
using Backup.Core.Errors;
using Backup.Core.Postgres;
using Backup.Core.Sinks;
using Npgsql;

namespace Backup.Core.Tests.Errors;

public sealed class ErrorCategoryTests
{
    [Theory]
    [InlineData("42501", ErrorCategory.Rights)]
    [InlineData("57014", ErrorCategory.TimeOut)]
    [InlineData("57P05", ErrorCategory.TimeOut)]
    [InlineData("55P03", ErrorCategory.Conflict)]
    [InlineData("40001", ErrorCategory.Conflict)]
    [InlineData("3D000", ErrorCategory.NotFound)]
    [InlineData("53300", ErrorCategory.Unavailable)]
    [InlineData("57P03", ErrorCategory.Unavailable)]
    [InlineData("57P01", ErrorCategory.Connection)]
    [InlineData("08006", ErrorCategory.Connection)]
    [InlineData("28P01", ErrorCategory.Authentication)]
    [InlineData("53100", ErrorCategory.Space)]
    [InlineData("XX001", ErrorCategory.Damaged)]
    [InlineData("0A000", ErrorCategory.Refused)]
    [InlineData("XX000", ErrorCategory.Unknown)]
    [InlineData("X", ErrorCategory.Unknown)]
    [InlineData(null, ErrorCategory.Unknown)]
    public void DatabaseException_SqlState_SaysTheCategory(string? state, ErrorCategory expected) =>
        Assert.Equal(expected, new DatabaseException("No.") { SqlState = state }.Category);

    [Theory]
    [InlineData(ObjectStoreError.ObjectNotFound, null, ErrorCategory.NotFound)]
    [InlineData(ObjectStoreError.AlreadyExists, null, ErrorCategory.Conflict)]
    [InlineData(ObjectStoreError.Changed, null, ErrorCategory.Conflict)]
    [InlineData(ObjectStoreError.AccessDenied, 401, ErrorCategory.Authentication)]
    [InlineData(ObjectStoreError.AccessDenied, 403, ErrorCategory.Rights)]
    [InlineData(ObjectStoreError.TooLarge, 413, ErrorCategory.Refused)]
    [InlineData(ObjectStoreError.Unavailable, null, ErrorCategory.Connection)]
    [InlineData(ObjectStoreError.Unavailable, 503, ErrorCategory.Unavailable)]
    [InlineData(ObjectStoreError.Other, null, ErrorCategory.Unknown)]
    public void ObjectStoreException_Error_SaysTheCategory(ObjectStoreError error, int? status, ErrorCategory expected) =>
        Assert.Equal(expected, new ObjectStoreException("No.") { Error = error, Status = status }.Category);

    [Fact]
    public void Exceptions_OfOtherAreas_SayTheirCategory()
    {
        Assert.Equal(ErrorCategory.NotFound, new SinkException("No.") { IsNotFound = true }.Category);
        Assert.Equal(ErrorCategory.Conflict, new SinkException("No.") { IsAlreadyExists = true }.Category);
        Assert.Equal(ErrorCategory.Damaged, new ArchiveFormatException("No.").Category);
        Assert.Equal(ErrorCategory.Refused, new UnsupportedFormatVersionException("No.").Category);
        Assert.Equal(ErrorCategory.NotFound, new BackupNotFoundException("No.").Category);
        Assert.Equal(ErrorCategory.Rights, new RestoreException("No.", new DatabaseException("No.") { SqlState = "42501" }).Category);
    }

    [Fact]
    public void Category_Given_ComesFirst() =>
        Assert.Equal(ErrorCategory.TimeOut, new DatabaseException("No.") { SqlState = "42501", Category = ErrorCategory.TimeOut }.Category);

    [Theory]
    [InlineData(28, ErrorCategory.Space)]
    [InlineData(30, ErrorCategory.Rights)]
    [InlineData(27, ErrorCategory.Refused)]
    public void DirectoryFaults_KnownError_SaysTheCategory(int error, ErrorCategory expected) =>
        Assert.Equal(expected, new DirectoryFaults(Path.GetTempPath()).Describe("write", "id/name", new IOException("x", error)).Category);

    public static TheoryData<Exception, ErrorCategory> Lost => new()
    {
        { new NpgsqlException("x", new SocketException((int)SocketError.ConnectionReset)), ErrorCategory.Connection },
        { new NpgsqlException("x", new TimeoutException()), ErrorCategory.TimeOut },
        { new SocketException((int)SocketError.TimedOut), ErrorCategory.TimeOut },
        { new NpgsqlException("x", new AuthenticationException()), ErrorCategory.Authentication },
        { new IOException("x"), ErrorCategory.Connection },
    };

    [Theory]
    [MemberData(nameof(Lost))]
    public void DatabaseFault_WithoutAServersWord_SaysWhatWasLost(Exception cause, ErrorCategory expected)
    {
        Assert.Equal(expected, DatabaseFault.OnConnect(cause, "me@db/app").Category);
        Assert.Equal(expected, DatabaseFault.On(cause, "Reading public.film", "public.film").Category);
    }

    [Fact]
    public void DatabaseFault_ServersWord_SaysTheCategory() => Assert.Equal(
        ErrorCategory.Authentication,
        DatabaseFault.OnConnect(new PostgresException("no", "FATAL", "FATAL", "28P01"), "me@db/app").Category);
}
