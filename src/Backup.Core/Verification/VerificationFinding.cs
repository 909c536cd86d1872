namespace Backup.Core.Verification;

/// <summary>One thing that is wrong with a backup.</summary>
/// <param name="Kind">The sort of damage.</param>
/// <param name="Subject">The file, or the file and entry, such as <c>volume-0001.zip: database/toc.json</c>.</param>
/// <param name="Message">What was expected and what was found, in one sentence.</param>
public sealed record VerificationFinding(VerificationFindingKind Kind, string Subject, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Subject}: {Message}";
}
