namespace Backup.Core.Tests.Pipeline.Faults;

/// <summary>The calls that a run makes of its database, its object store and its sink: where a fault can strike.</summary>
internal enum FaultCall
{
    /// <summary>The opening of the snapshot.</summary>
    OpenSnapshot,

    /// <summary>The reading of the schema.</summary>
    ReadSchema,

    /// <summary>The question which server it is.</summary>
    ReadIdentity,

    /// <summary>The opening of the listing in the snapshot.</summary>
    OpenListing,

    /// <summary>The snapshot's list of buckets.</summary>
    CountObjects,

    /// <summary>One step of the snapshot's listing.</summary>
    ListRow,

    /// <summary>The beginning of a page.</summary>
    OpenPage,

    /// <summary>A read of a page's rows.</summary>
    ReadRows,

    /// <summary>The end of a page.</summary>
    ClosePage,

    /// <summary>The opening of a connection anew that was lost.</summary>
    Reopen,

    /// <summary>The end of a reader.</summary>
    CloseReader,

    /// <summary>The proof that the snapshot was held.</summary>
    Confirm,

    /// <summary>The end of the snapshot.</summary>
    CloseSnapshot,

    /// <summary>The store's list of buckets.</summary>
    ListBuckets,

    /// <summary>One step of the store's listing.</summary>
    ListObject,

    /// <summary>The store's answer about one object.</summary>
    FindObject,

    /// <summary>The opening of an object.</summary>
    OpenObject,

    /// <summary>A read of an object's bytes.</summary>
    ReadObject,

    /// <summary>The start of a file in the sink.</summary>
    CreateFile,

    /// <summary>A write to it.</summary>
    WriteFile,

    /// <summary>Its publication.</summary>
    CommitFile,

    /// <summary>The end of a file that was not published.</summary>
    AbortFile,

    /// <summary>The deletion of a file of the sink.</summary>
    DeleteFile,

    /// <summary>The sink's listing.</summary>
    ListFiles,

    /// <summary>The opening of a file of the sink.</summary>
    OpenFile,

    /// <summary>A read from it.</summary>
    ReadFile,
}
