namespace Backup.Core.Hosting;

/// <summary>The kinds of hosts that are told apart, by the environment variables that they set.</summary>
public enum HostPlatform
{
    /// <summary>A machine that is none of the others: a server, a virtual machine, a desktop.</summary>
    Machine,

    /// <summary>A container of which nothing else is known.</summary>
    Container,

    /// <summary>A pod of a Kubernetes cluster.</summary>
    Kubernetes,

    /// <summary>A job of GitHub Actions.</summary>
    GitHubActions,

    /// <summary>A dyno of Heroku.</summary>
    Heroku,

    /// <summary>A service of Render.</summary>
    Render,

    /// <summary>A service of Railway.</summary>
    Railway,

    /// <summary>A machine of Fly.io.</summary>
    Fly,

    /// <summary>A service of Cloud Run.</summary>
    CloudRun,

    /// <summary>A job of Cloud Run.</summary>
    CloudRunJob,

    /// <summary>An app or a job of Azure Container Apps.</summary>
    AzureContainerApps,

    /// <summary>An app of Azure App Service.</summary>
    AzureAppService,

    /// <summary>A function app of Azure.</summary>
    AzureFunctions,

    /// <summary>A function of AWS Lambda.</summary>
    AwsLambda,

    /// <summary>A function or build of Vercel.</summary>
    Vercel,
}
