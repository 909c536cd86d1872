using static Backup.Core.Postgres.Schema.TocSection;

namespace Backup.Core.Postgres.Schema;

/// <summary>Every kind of object, in the order in which objects without dependencies are made.</summary>
internal static class ObjectKinds
{
    public static readonly ObjectKind Schema = new("SCHEMA", PreData, 10);
    public static readonly ObjectKind Language = new("PROCEDURAL LANGUAGE", PreData, 20);
    public static readonly ObjectKind Collation = new("COLLATION", PreData, 30);
    public static readonly ObjectKind Transform = new("TRANSFORM", PreData, 40);
    public static readonly ObjectKind Extension = new("EXTENSION", PreData, 50);
    public static readonly ObjectKind ShellType = new("SHELL TYPE", PreData, 60);
    public static readonly ObjectKind Type = new("TYPE", PreData, 60);
    public static readonly ObjectKind Domain = new("DOMAIN", PreData, 60);
    public static readonly ObjectKind DomainDefault = new("DEFAULT", PreData, 65) { CanBePostponed = true, SplitOrder = 3 };
    public static readonly ObjectKind Function = new("FUNCTION", PreData, 70) { CanBePostponed = true };
    public static readonly ObjectKind Procedure = new("PROCEDURE", PreData, 70) { CanBePostponed = true };
    public static readonly ObjectKind FunctionBody = new("FUNCTION", PreData, 70) { CanBePostponed = true, SplitOrder = 5, StaysWithContainer = true };
    public static readonly ObjectKind OwnBody = new("FUNCTION", PreData, 75) { CanBePostponed = true };
    public static readonly ObjectKind Aggregate = new("AGGREGATE", PreData, 80) { CanBePostponed = true };
    public static readonly ObjectKind AccessMethod = new("ACCESS METHOD", PreData, 90);
    public static readonly ObjectKind Operator = new("OPERATOR", PreData, 100) { CanBePostponed = true };
    public static readonly ObjectKind OperatorFamily = new("OPERATOR FAMILY", PreData, 110) { CanBePostponed = true };
    public static readonly ObjectKind OperatorClass = new("OPERATOR CLASS", PreData, 110) { CanBePostponed = true };
    public static readonly ObjectKind Cast = new("CAST", PreData, 120) { CanBePostponed = true };
    public static readonly ObjectKind Conversion = new("CONVERSION", PreData, 130);
    public static readonly ObjectKind TextSearchParser = new("TEXT SEARCH PARSER", PreData, 140);
    public static readonly ObjectKind TextSearchTemplate = new("TEXT SEARCH TEMPLATE", PreData, 150);
    public static readonly ObjectKind TextSearchDictionary = new("TEXT SEARCH DICTIONARY", PreData, 160);
    public static readonly ObjectKind TextSearchConfiguration = new("TEXT SEARCH CONFIGURATION", PreData, 170);
    public static readonly ObjectKind ForeignDataWrapper = new("FOREIGN DATA WRAPPER", PreData, 180);
    public static readonly ObjectKind ForeignServer = new("SERVER", PreData, 190);
    public static readonly ObjectKind UserMapping = new("USER MAPPING", PreData, 195);
    public static readonly ObjectKind Table = new("TABLE", PreData, 200);
    public static readonly ObjectKind ForeignTable = new("FOREIGN TABLE", PreData, 200);
    public static readonly ObjectKind Sequence = new("SEQUENCE", PreData, 200);
    public static readonly ObjectKind View = new("VIEW", PreData, 200) { CanBePostponed = true };
    public static readonly ObjectKind MaterializedView = new("MATERIALIZED VIEW", PreData, 200) { CanBePostponed = true };
    public static readonly ObjectKind SequenceOwner = new("SEQUENCE OWNED BY", PreData, 205) { CanBePostponed = true };
    public static readonly ObjectKind OwnNotNull = new("CONSTRAINT", PreData, 207);
    public static readonly ObjectKind TableAttachment = new("TABLE ATTACH", PreData, 210);
    public static readonly ObjectKind ColumnDefault = new("DEFAULT", PreData, 220) { CanBePostponed = true, SplitOrder = 3 };

    // Parts without statements of their own: they are here for their dependencies and comments.
    public static readonly ObjectKind GenerationExpression = new("DEFAULT", PreData, 220);
    public static readonly ObjectKind NotNullConstraint = new("CONSTRAINT", PostData, 400);
    public static readonly ObjectKind ConstraintIndex = new("INDEX", PostData, 410);

    public static readonly ObjectKind TableData = new("TABLE DATA", Data, 300);
    public static readonly ObjectKind SequenceSet = new("SEQUENCE SET", Data, 310);

    public static readonly ObjectKind Constraint = new("CONSTRAINT", PostData, 400);
    public static readonly ObjectKind CheckConstraint = new("CHECK CONSTRAINT", PostData, 400) { SplitOrder = 2 };
    public static readonly ObjectKind DomainConstraint = new("CHECK CONSTRAINT", PostData, 400) { SplitOrder = 4 };
    public static readonly ObjectKind Index = new("INDEX", PostData, 410);
    public static readonly ObjectKind IndexAttachment = new("INDEX ATTACH", PostData, 420);
    public static readonly ObjectKind ExtendedStatistics = new("STATISTICS", PostData, 430);
    public static readonly ObjectKind ViewRule = new("VIEW", PostData, 440) { SplitOrder = 1 };
    public static readonly ObjectKind Rule = new("RULE", PostData, 440);
    public static readonly ObjectKind Trigger = new("TRIGGER", PostData, 450);
    public static readonly ObjectKind ForeignKey = new("FK CONSTRAINT", PostData, 460);
    public static readonly ObjectKind Validation = new("VALIDATE CONSTRAINT", PostData, 465);
    public static readonly ObjectKind RowSecurity = new("ROW SECURITY", PostData, 470);
    public static readonly ObjectKind Policy = new("POLICY", PostData, 470);
    public static readonly ObjectKind Publication = new("PUBLICATION", PostData, 480);
    public static readonly ObjectKind PublicationTable = new("PUBLICATION TABLE", PostData, 490);
    public static readonly ObjectKind PublicationSchema = new("PUBLICATION TABLES IN SCHEMA", PostData, 500);
    public static readonly ObjectKind Subscription = new("SUBSCRIPTION", PostData, 510);

    public static readonly ObjectKind Comment = new("COMMENT", PostData, 600);
    public static readonly ObjectKind SecurityLabel = new("SECURITY LABEL", PostData, 610);
    public static readonly ObjectKind Acl = new("ACL", PostData, 700);
    public static readonly ObjectKind DefaultAcl = new("DEFAULT ACL", PostData, 710) { FollowsPrivileges = true };
    public static readonly ObjectKind MaterializedViewData = new("MATERIALIZED VIEW DATA", PostData, 720) { FollowsPrivileges = true };
    public static readonly ObjectKind EventTrigger = new("EVENT TRIGGER", PostData, 730) { FollowsPrivileges = true };

    /// <summary>What no reader writes: it only makes a backup fail.</summary>
    public static readonly ObjectKind Unsupported = new("UNSUPPORTED", PreData, 1_000);
}
