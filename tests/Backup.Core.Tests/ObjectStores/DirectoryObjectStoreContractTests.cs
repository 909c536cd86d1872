using Backup.Core.ObjectStores;
using Backup.TestKit;
using Backup.TestKit.Contracts;

namespace Backup.Core.Tests.ObjectStores;

public sealed class DirectoryObjectStoreContractTests : ObjectStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    protected override IReadOnlyList<string> HardNames =>
        [.. base.HardNames, "100%.txt", "a#b~c[1]{2}^`|.txt", "say \"hi\".txt", "café.txt", "cafe\u0301.txt", "文件/报告.pdf", "😀.png", "\uFB01.txt", "line\nbreak"];

    protected override Task<IObjectStore> CreateStoreAsync() =>
        Task.FromResult<IObjectStore>(new DirectoryObjectStore(_folder["store"]));

    public void Dispose() => _folder.Dispose();
}
