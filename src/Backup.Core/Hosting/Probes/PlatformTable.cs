using System.Globalization;

namespace Backup.Core.Hosting.Probes;

/// <summary>Tells platforms apart by the environment variables that they set. The most specific comes first.</summary>
/// <remarks>Every answer is a hint: <see cref="HostOverrides"/> overrides it.</remarks>
internal static class PlatformTable
{
    private const long MiB = 1024 * 1024;
    private const string PlanVariable = "WEBSITE_SKU";

    private static readonly string[] ContainerMarks = ["docker", "kubepods", "containerd", "libpod", "lxc"];

    // Vercel runs on Lambda, Functions on App Service, nearly everything in containers and much of it on Kubernetes.
    private static readonly (HostPlatform Kind, string[] Variables)[] Rows =
    [
        (HostPlatform.Vercel, ["VERCEL"]),
        (HostPlatform.AwsLambda, ["AWS_LAMBDA_FUNCTION_NAME"]),
        (HostPlatform.AzureFunctions, ["FUNCTIONS_WORKER_RUNTIME", "FUNCTIONS_EXTENSION_VERSION"]),
        (HostPlatform.AzureAppService, ["WEBSITE_SITE_NAME", "WEBSITE_INSTANCE_ID"]),
        (HostPlatform.AzureContainerApps, ["CONTAINER_APP_NAME", "CONTAINER_APP_JOB_NAME"]),
        (HostPlatform.CloudRunJob, ["CLOUD_RUN_JOB"]),
        (HostPlatform.CloudRun, ["K_SERVICE"]),
        (HostPlatform.Fly, ["FLY_APP_NAME", "FLY_MACHINE_ID"]),
        (HostPlatform.Railway, ["RAILWAY_PROJECT_ID", "RAILWAY_SERVICE_ID"]),
        (HostPlatform.Render, ["RENDER"]),
        (HostPlatform.Heroku, ["DYNO"]),
        (HostPlatform.GitHubActions, ["GITHUB_ACTIONS"]),
        (HostPlatform.Kubernetes, ["KUBERNETES_SERVICE_HOST"]),
        (HostPlatform.Container, ["DOTNET_RUNNING_IN_CONTAINER"]),
    ];

    /// <summary>Finds the platform.</summary>
    /// <param name="system">What is asked.</param>
    /// <param name="chosen">The platform that the caller says it is; <see langword="null"/> to find out.</param>
    public static DetectedPlatform Detect(HostSystem system, HostPlatform? chosen)
    {
        var (kind, source) = chosen is { } said ? (said, "set") : Find(system);
        return new DetectedPlatform
        {
            Kind = kind,
            Source = source,
            MemoryBytes = MemoryOf(kind, system),
            Processors = kind == HostPlatform.Render ? ReadPositive(system, "RENDER_CPU_COUNT") : null,
            TempFolder = TempFolderOf(kind, system),
            TimeLimit = TimeLimitOf(kind, system),
        };
    }

    private static (HostPlatform Kind, string Source) Find(HostSystem system)
    {
        foreach (var (kind, variables) in Rows)
        {
            if (variables.FirstOrDefault(name => IsSet(system, name)) is { } found && IsPlausible(kind, system))
            {
                return (kind, $"environment variable {found}");
            }
        }

        if (system.ReadText("/.dockerenv") is not null)
        {
            return (HostPlatform.Container, "/.dockerenv");
        }

        const string Groups = "/proc/self/cgroup";
        return system.ReadText(Groups) is { } groups && ContainerMarks.Any(mark => groups.Contains(mark, StringComparison.Ordinal))
            ? (HostPlatform.Container, Groups)
            : (HostPlatform.Machine, "no sign of anything else");
    }

    private static bool IsSet(HostSystem system, string name) =>
        system.GetVariable(name) is { } value && value is not "0" && !value.Equals("false", StringComparison.OrdinalIgnoreCase);

    // Knative sets K_SERVICE on any cluster; Cloud Run itself shows no cluster.
    private static bool IsPlausible(HostPlatform kind, HostSystem system) =>
        kind != HostPlatform.CloudRun || !IsSet(system, "KUBERNETES_SERVICE_HOST");

    private static HostValue<long>? MemoryOf(HostPlatform kind, HostSystem system)
    {
        var name = kind switch
        {
            HostPlatform.AwsLambda => "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
            HostPlatform.Fly => "FLY_VM_MEMORY_MB",
            _ => null,
        };
        if (name is not null && ReadPositive(system, name) is { } megabytes)
        {
            return new((long)(megabytes.Value * MiB), megabytes.Source);
        }

        return IsConsumptionPlan(kind, system) ? new(1536 * MiB, "limit of the Consumption plan") : null;
    }

    private static HostValue<string>? TempFolderOf(HostPlatform kind, HostSystem system) => kind switch
    {
        HostPlatform.Vercel or HostPlatform.AwsLambda => new("/tmp", "the only folder that can be written there"),
        HostPlatform.GitHubActions when system.GetVariable("RUNNER_TEMP") is { } folder => new(folder, "environment variable RUNNER_TEMP"),
        _ => null,
    };

    private static HostValue<TimeSpan>? TimeLimitOf(HostPlatform kind, HostSystem system) => kind switch
    {
        HostPlatform.Vercel => new(TimeSpan.FromSeconds(900), "the most that Vercel grants; less with some plans and settings"),
        HostPlatform.AwsLambda => new(TimeSpan.FromMinutes(15), "the most that AWS Lambda grants; the function may be set to less"),
        HostPlatform.AzureFunctions when IsConsumptionPlan(kind, system) =>
            new(TimeSpan.FromMinutes(10), "the most that the Consumption plan grants; 5 minutes unless set"),
        HostPlatform.AzureFunctions when system.GetVariable(PlanVariable) is { Length: > 0 } plan =>
            new(TimeSpan.FromMinutes(30), $"what the plan {plan} grants unless functionTimeout of host.json says otherwise"),
        HostPlatform.CloudRun => new(TimeSpan.FromMinutes(60), "the most that a Cloud Run service grants a request"),
        HostPlatform.CloudRunJob => new(TimeSpan.FromHours(168), "the most that a Cloud Run job grants"),
        HostPlatform.Heroku => new(TimeSpan.FromHours(24), "dynos are restarted once a day"),
        HostPlatform.GitHubActions => new(TimeSpan.FromHours(6), "the most that GitHub Actions grants a job"),
        _ => null,
    };

    private static bool IsConsumptionPlan(HostPlatform kind, HostSystem system) =>
        kind == HostPlatform.AzureFunctions && system.GetVariable(PlanVariable) == "Dynamic";

    private static HostValue<double>? ReadPositive(HostSystem system, string name) =>
        double.TryParse(system.GetVariable(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && value > 0 && double.IsFinite(value)
            ? new(value, $"environment variable {name}")
            : null;
}
