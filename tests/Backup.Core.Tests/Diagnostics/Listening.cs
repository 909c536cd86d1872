using System.Diagnostics;
using System.Diagnostics.Metrics;
using Backup.Core.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Backup.Core.Tests.Diagnostics;

/// <summary>The OpenTelemetry SDK with exporters into memory. What other tests of the process do at the same time is left out.</summary>
internal sealed class Listening : IMeterFactory
{
    private const string TestAttribute = "test";
    private const string TestSource = "Backup.Core.Tests";
    private const string TestSpan = "test";

    private readonly ActivitySource _source = new(TestSource);
    private readonly Activity? _caller;
    private readonly List<Activity> _spans = [];
    private readonly List<Metric> _metrics = [];
    private readonly string _test = Guid.NewGuid().ToString();
    private readonly TracerProvider _tracing;
    private readonly MeterProvider _metering;
    private Meter? _meter;

    public Listening()
    {
        _tracing = Sdk.CreateTracerProviderBuilder()
            .AddSource(BackupTelemetry.ActivitySourceName, TestSource)
            .SetSampler(new ParentBasedSampler(new OwnRoots()))
            .AddInMemoryExporter(_spans)
            .Build();
        _metering = Sdk.CreateMeterProviderBuilder().AddMeter(BackupTelemetry.MeterName).AddInMemoryExporter(_metrics).Build();
        _caller = _source.StartActivity(TestSpan);
    }

    /// <summary>The span that is current when a test calls the library.</summary>
    public Activity Caller => _caller!;

    /// <summary>The spans that have ended below <see cref="Caller"/>.</summary>
    public IReadOnlyList<Activity> Spans
    {
        get
        {
            lock (_spans)
            {
                return [.. _spans.Where(span => span.TraceId == Caller.TraceId)];
            }
        }
    }

    /// <summary>The only span of a name.</summary>
    public Activity Span(string name) => Assert.Single(Spans, span => span.OperationName == name);

    /// <summary>What an instrument measured: its points, each with its attributes.</summary>
    public IReadOnlyList<(double Value, IReadOnlyDictionary<string, object?> Tags)> Read(string name)
    {
        _metrics.Clear();
        _metering.ForceFlush();
        var metric = Assert.Single(
            _metrics, metric => metric.Name == name && metric.MeterTags?.Contains(KeyValuePair.Create<string, object?>(TestAttribute, _test)) == true);
        var points = new List<(double, IReadOnlyDictionary<string, object?>)>();
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            var tags = new Dictionary<string, object?>(StringComparer.Ordinal);
            foreach (var tag in point.Tags)
            {
                tags[tag.Key] = tag.Value;
            }

            points.Add((ValueOf(metric.MetricType, point), tags));
        }

        return points;
    }

    /// <summary>The sum of an instrument's points with an attribute.</summary>
    public double Sum(string name, string attribute, object value) =>
        Read(name).Where(point => value.Equals(point.Tags.GetValueOrDefault(attribute))).Sum(point => point.Value);

    public Meter Create(MeterOptions options) =>
        _meter ??= new Meter(new MeterOptions(options.Name) { Version = options.Version, Tags = [new(TestAttribute, _test)] });

    public void Dispose()
    {
        _caller?.Dispose();
        _tracing.Dispose();
        _metering.Dispose();
        _meter?.Dispose();
        _source.Dispose();
    }

    // The spans of other tests have no caller, and would be held until this one ends.
    private sealed class OwnRoots : Sampler
    {
        public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
            new(samplingParameters.Name == TestSpan ? SamplingDecision.RecordAndSample : SamplingDecision.Drop);
    }

    private static double ValueOf(MetricType type, in MetricPoint point) => type switch
    {
        MetricType.Histogram => point.GetHistogramCount(),
        MetricType.DoubleGauge => point.GetGaugeLastValueDouble(),
        _ => point.GetSumLong(),
    };
}
