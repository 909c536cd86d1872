namespace Backup.Core.Restore;

/// <summary>Refuses requests that ask for what a pipeline has no target for.</summary>
internal static class RestoreRequestRules
{
    /// <summary>Checks a request.</summary>
    /// <exception cref="ArgumentException">It cannot be run.</exception>
    public static void ThrowIfUnusable(RestoreRequest request, bool hasDatabase, bool hasStore)
    {
        if (hasStore && request.Scope == RestoreScope.SchemaOnly)
        {
            throw new ArgumentException(
                $"{nameof(RestoreScope.SchemaOnly)} brings back no stored objects: use a pipeline without an object store.", nameof(request));
        }

        if (!hasStore && (request.Objects.Buckets.Count > 0 || request.Objects.Prefix.Length > 0))
        {
            throw new ArgumentException("Stored objects are chosen, but the pipeline has no object store.", nameof(request));
        }

        if (request.WithRoles || request.WithDatabaseSettings)
        {
            var name = request.WithRoles ? nameof(request.WithRoles) : nameof(request.WithDatabaseSettings);
            if (!hasDatabase)
            {
                throw new ArgumentException($"{name} is for a database, but the pipeline has none.", nameof(request));
            }

            if (request.Scope == RestoreScope.DataOnly)
            {
                throw new ArgumentException($"{nameof(RestoreScope.DataOnly)} brings back rows alone: leave {name} out.", nameof(request));
            }
        }

        if (!hasDatabase && !request.Tables.IsEverything)
        {
            throw new ArgumentException("Tables are chosen, but the pipeline has no database.", nameof(request));
        }
    }
}
