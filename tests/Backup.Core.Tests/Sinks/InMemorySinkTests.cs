using Backup.Core.Sinks;
using Backup.TestKit.Contracts;

namespace Backup.Core.Tests.Sinks;

public sealed class InMemorySinkTests : BackupSinkContract
{
    protected override Task<IBackupSink> CreateSinkAsync() => Task.FromResult<IBackupSink>(new InMemorySink());
}
