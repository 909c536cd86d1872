using Backup.Core.Hosting;
using Backup.Core.Hosting.Probes;

namespace Backup.Core.Tests.Hosting.Probes;

public sealed class PlatformTableTests
{
    [Theory]
    [InlineData("VERCEL AWS_LAMBDA_FUNCTION_NAME", HostPlatform.Vercel)]
    [InlineData("AWS_LAMBDA_FUNCTION_NAME", HostPlatform.AwsLambda)]
    [InlineData("FUNCTIONS_WORKER_RUNTIME WEBSITE_SITE_NAME", HostPlatform.AzureFunctions)]
    [InlineData("FUNCTIONS_EXTENSION_VERSION CONTAINER_APP_NAME", HostPlatform.AzureFunctions)]
    [InlineData("WEBSITE_SITE_NAME", HostPlatform.AzureAppService)]
    [InlineData("CONTAINER_APP_JOB_NAME KUBERNETES_SERVICE_HOST", HostPlatform.AzureContainerApps)]
    [InlineData("CLOUD_RUN_JOB K_SERVICE", HostPlatform.CloudRunJob)]
    [InlineData("K_SERVICE K_REVISION", HostPlatform.CloudRun)]
    [InlineData("K_SERVICE K_REVISION KUBERNETES_SERVICE_HOST", HostPlatform.Kubernetes)]
    [InlineData("FLY_APP_NAME", HostPlatform.Fly)]
    [InlineData("RAILWAY_SERVICE_ID", HostPlatform.Railway)]
    [InlineData("RENDER", HostPlatform.Render)]
    [InlineData("DYNO", HostPlatform.Heroku)]
    [InlineData("GITHUB_ACTIONS KUBERNETES_SERVICE_HOST", HostPlatform.GitHubActions)]
    [InlineData("KUBERNETES_SERVICE_HOST DOTNET_RUNNING_IN_CONTAINER", HostPlatform.Kubernetes)]
    [InlineData("DOTNET_RUNNING_IN_CONTAINER", HostPlatform.Container)]
    [InlineData("CONTAINER_NAME PATH", HostPlatform.Machine)]
    public void Detect_Variables_MostSpecificWins(string variables, HostPlatform platform)
    {
        var host = new FakeHost();
        foreach (var name in variables.Split(' '))
        {
            host.Variables[name] = "true";
        }

        Assert.Equal(platform, PlatformTable.Detect(host, null).Kind);
    }

    [Theory]
    [InlineData("false")]
    [InlineData("0")]
    public void Detect_VariableSaysNo_IsNotThere(string value)
    {
        var host = new FakeHost { Variables = { ["DOTNET_RUNNING_IN_CONTAINER"] = value } };

        Assert.Equal(HostPlatform.Machine, PlatformTable.Detect(host, null).Kind);
    }

    [Theory]
    [InlineData("/.dockerenv", "")]
    [InlineData("/proc/self/cgroup", "12:memory:/docker/0123\n")]
    [InlineData("/proc/self/cgroup", "0::/kubepods.slice/pod1/x\n")]
    public void Detect_MarksOfContainers_AreSeen(string file, string text)
    {
        var host = new FakeHost { Files = { [file] = text } };

        Assert.Equal(HostPlatform.Container, PlatformTable.Detect(host, null).Kind);
    }

    [Fact]
    public void Detect_ConsumptionPlan_HasItsMemoryAndTime()
    {
        var host = new FakeHost { Variables = { ["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated", ["WEBSITE_SKU"] = "Dynamic" } };

        var platform = PlatformTable.Detect(host, null);

        Assert.Equal(1536 * FakeHost.MiB, platform.MemoryBytes?.Value);
        Assert.Equal(TimeSpan.FromMinutes(10), platform.TimeLimit?.Value);
    }

    [Theory]
    [InlineData("FUNCTIONS_WORKER_RUNTIME=dotnet-isolated WEBSITE_SKU=FlexConsumption", 30)]
    [InlineData("FUNCTIONS_WORKER_RUNTIME=dotnet-isolated WEBSITE_SKU=ElasticPremium", 30)]
    [InlineData("FUNCTIONS_WORKER_RUNTIME=dotnet-isolated WEBSITE_SKU=PremiumV3", 30)]
    [InlineData("FUNCTIONS_WORKER_RUNTIME=dotnet-isolated", null)]
    [InlineData("VERCEL=1 AWS_LAMBDA_FUNCTION_NAME=x", 15)]
    [InlineData("WEBSITE_SITE_NAME=x WEBSITE_SKU=PremiumV3", null)]
    public void Detect_TimeLimit_IsThatOfThePlatformAndPlan(string variables, int? minutes)
    {
        var host = new FakeHost();
        foreach (var variable in variables.Split(' '))
        {
            var (name, value) = (variable.Split('=')[0], variable.Split('=')[1]);
            host.Variables[name] = value;
        }

        Assert.Equal(minutes, PlatformTable.Detect(host, null).TimeLimit?.Value.TotalMinutes);
    }

    [Theory]
    [InlineData("many")]
    [InlineData("-1")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    public void Detect_MemoryThatIsNoNumber_IsPassedOver(string value)
    {
        var host = new FakeHost { Variables = { ["FLY_APP_NAME"] = "app", ["FLY_VM_MEMORY_MB"] = value } };

        Assert.Null(PlatformTable.Detect(host, null).MemoryBytes);
    }
}
