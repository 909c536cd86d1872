using System.Diagnostics;
using Backup.Core.Errors;

namespace Backup.Core.Diagnostics;

/// <summary>Starts and ends the spans that <see cref="BackupTelemetry"/> names. All give <see langword="null"/>, at no cost, when nobody listens.</summary>
internal static class BackupSpans
{
    private static readonly ActivitySource Source = new(BackupTelemetry.ActivitySourceName, BackupInstruments.Version);

    /// <summary>Whether anybody listens, so that what a span needs may be worth making.</summary>
    public static bool IsOn => Source.HasListeners();

    /// <summary>Starts a span around what the calling method awaits; it is current until disposed.</summary>
    public static Activity? Start(string name, ActivityContext parent = default) =>
        Source.StartActivity(name, ActivityKind.Internal, parent);

    /// <summary>Starts a span that another flow of calls may end: it never becomes current.</summary>
    public static Activity? StartDetached(string name)
    {
        var current = Activity.Current;
        var span = Source.StartActivity(name);
        Activity.Current = current;
        return span;
    }

    /// <summary>Ends a span that <see cref="StartDetached"/> started; a second time does nothing.</summary>
    public static void EndDetached(Activity? span)
    {
        if (span is not null)
        {
            var current = Activity.Current;
            span.Dispose();
            Activity.Current = current;
        }
    }

    /// <summary>Says that what a span is around has failed.</summary>
    public static void Fail(this Activity? span, Exception exception)
    {
        if (span is null)
        {
            return;
        }

        // Messages of this library hold no secrets; of other exceptions only the type is told.
        span.SetStatus(ActivityStatusCode.Error, (exception as BackupException)?.Message);
        span.SetTag(BackupTelemetry.ErrorAttribute, ErrorType(exception));
    }

    /// <summary>What <c>error.type</c> says of an exception: few different values.</summary>
    public static string ErrorType(Exception exception) => exception.GetType().FullName ?? exception.GetType().Name;
}
