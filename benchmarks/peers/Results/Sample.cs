namespace Backup.Core.Peers.Results;

/// <summary>One run of one program, from its start to its end, its children included.</summary>
/// <param name="WallSeconds">The time on the clock.</param>
/// <param name="CpuSeconds">The processor time, of user and system, without the server's.</param>
/// <param name="ServerCpuSeconds">The processor time of the database server's processes that worked for it.</param>
/// <param name="PeakMemoryBytes">The most memory that was resident in its largest process.</param>
/// <param name="OutputBytes">The size of all files that it left.</param>
internal sealed record Sample(double WallSeconds, double CpuSeconds, double ServerCpuSeconds, long PeakMemoryBytes, long OutputBytes);
