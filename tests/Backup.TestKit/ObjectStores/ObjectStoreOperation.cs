namespace Backup.TestKit.ObjectStores;

/// <summary>The calls of an object store.</summary>
public enum ObjectStoreOperation
{
    ListBuckets,
    ListObjects,
    Find,
    Open,
    Put,
    CreateBucket,
}
