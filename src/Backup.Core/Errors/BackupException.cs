namespace Backup.Core.Errors;

/// <summary>
/// The base of every exception that this library throws for a reason outside the caller's code: a server, a disk,
/// a damaged archive. Mistakes of the caller are <see cref="ArgumentException"/>s, invalid settings are
/// <see cref="Microsoft.Extensions.Options.OptionsValidationException"/>s and cancellation is
/// <see cref="OperationCanceledException"/>.
/// </summary>
/// <remarks>A message never holds a password, a connection string or a signed URL.</remarks>
public abstract class BackupException : Exception
{
    private readonly ErrorCategory? _category;
    private string? _hint;

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What failed, on which object, with the expected and the actual value where there are two.</param>
    /// <param name="innerException">The cause, or <see langword="null"/> when this library found the fault itself.</param>
    protected BackupException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>Whether the same call may succeed later without a change: a lost connection, a full disk that is being emptied.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool IsTransient { get; init; }

    /// <summary>What kind of trouble it is, whatever the area that it came from.</summary>
    /// <value>What the other properties say, such as a SQLSTATE, unless it is given; <see cref="ErrorCategory.Unknown"/> where they say nothing.</value>
    public ErrorCategory Category
    {
        get => _category ?? ImpliedCategory;
        init => _category = value;
    }

    /// <summary>The step that failed, such as <c>PageRead</c> or <c>Archive</c>; <see langword="null"/> outside a run.</summary>
    public string? Stage { get; internal set; }

    /// <summary>The table, file, volume or backup that the failure is about; <see langword="null"/> when it is about none.</summary>
    public string? Subject { get; init; }

    /// <summary>What a person can do about it; <see langword="null"/> when there is nothing to advise.</summary>
    public string? Hint
    {
        get => _hint;
        init => _hint = value;
    }

    /// <summary>Adds to the hint what whoever threw it could not know.</summary>
    /// <param name="sentence">One more sentence.</param>
    internal void AddHint(string sentence) => _hint = _hint is null ? sentence : $"{_hint} {sentence}";

    // What the properties of a derived class say of the kind of trouble.
    private protected virtual ErrorCategory ImpliedCategory => ErrorCategory.Unknown;
}
