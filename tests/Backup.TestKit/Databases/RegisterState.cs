namespace Backup.TestKit.Databases;

/// <summary>How the rows of a <see cref="DocumentRegister"/> and the files of a server fit together.</summary>
/// <param name="Rows">The number of rows.</param>
/// <param name="Files">The number of files; a file may be there before its row.</param>
/// <param name="Lost">Rows whose file is not there, or not the one that was registered: none.</param>
public sealed record RegisterState(long Rows, long Files, IReadOnlyList<string> Lost)
{
    /// <summary>Whether this is a state that existed at one instant, given so many clerks.</summary>
    public bool IsConsistent(int clerks) => Lost.Count == 0 && Files >= Rows && Files <= Rows + clerks;
}
