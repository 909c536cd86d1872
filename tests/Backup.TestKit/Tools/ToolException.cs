namespace Backup.TestKit.Tools;

/// <summary>An external program is missing, took too long or failed.</summary>
public sealed class ToolException : Exception
{
    public ToolException(string message)
        : base(message)
    {
    }

    public ToolException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public ToolException()
    {
    }
}
