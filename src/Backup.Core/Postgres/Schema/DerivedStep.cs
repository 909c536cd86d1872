namespace Backup.Core.Postgres.Schema;

/// <summary>Steps that are items of the table of contents without a row in a catalog; the values are below those of all catalogs.</summary>
internal enum DerivedStep
{
    /// <summary>The rows of a table or a materialized view, or the position of a sequence.</summary>
    Data = 1,

    /// <summary>ALTER SEQUENCE … OWNED BY.</summary>
    SequenceOwner = 2,

    /// <summary>ATTACH PARTITION of a table or an index.</summary>
    Attachment = 3,

    /// <summary>ENABLE ROW LEVEL SECURITY.</summary>
    RowSecurity = 4,

    /// <summary>Default privileges that not every supported version knows.</summary>
    NewerDefaultAcl = 5,

    /// <summary>CREATE OR REPLACE of a function that was first made without its body.</summary>
    RoutineBody = 6,

    /// <summary>VALIDATE CONSTRAINT of a constraint that is inherited.</summary>
    Validation = 7,

    /// <summary>ALTER DOMAIN … SET DEFAULT of a domain that was first made without it.</summary>
    DomainDefault = 8,
}
