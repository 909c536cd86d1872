namespace Backup.Core.Tests.ObjectStores;

/// <summary>Tests that count the allocations of the process and so run alone.</summary>
[CollectionDefinition(nameof(ObjectStoreMemoryTests), DisableParallelization = true)]
public static class ObjectStoreMemoryTests;
