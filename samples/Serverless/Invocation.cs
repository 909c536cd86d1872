namespace Serverless;

/// <summary>What a platform tells of one invocation of a function.</summary>
/// <param name="Id">The invocation, for the log.</param>
/// <param name="RemainingTime">How long it may still take before it is killed.</param>
public sealed record Invocation(string Id, TimeSpan RemainingTime);
