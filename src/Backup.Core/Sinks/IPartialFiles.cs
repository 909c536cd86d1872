namespace Backup.Core.Sinks;

/// <summary>A sink that keeps objects that are being written where its listing does not show them, and where a killed process leaves them.</summary>
internal interface IPartialFiles
{
    /// <summary>Removes what is being written, or was when its process died, in one folder. What cannot be removed stays.</summary>
    /// <param name="folder">The folder: a segment of names. Nobody but the caller writes there.</param>
    /// <param name="isOld">Of each file its name and when it was last written to: whether it is to go.</param>
    void RemovePartials(string folder, Func<string, DateTimeOffset, bool> isOld);
}
