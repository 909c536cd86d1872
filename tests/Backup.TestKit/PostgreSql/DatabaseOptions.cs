namespace Backup.TestKit.PostgreSql;

/// <summary>Properties of a database made for one test.</summary>
public sealed record DatabaseOptions
{
    /// <summary>Its name; <c>null</c> gives it one that no other has.</summary>
    public string? Name { get; init; }

    /// <summary>Database copied.</summary>
    /// <value><c>template0</c>, which allows any encoding and locale.</value>
    public string Template { get; init; } = "template0";

    /// <summary>Encoding, such as <c>LATIN1</c>; <c>null</c> is the cluster's, UTF8.</summary>
    public string? Encoding { get; init; }

    /// <summary>Locale, such as <c>C</c>; <c>null</c> is the cluster's.</summary>
    public string? Locale { get; init; }
}
