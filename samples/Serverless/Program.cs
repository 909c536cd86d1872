using Backup.Core.Errors;
using Backup.Core.Sinks;
using Serverless;

// Plays the platform: BACKUP_DATABASE=… dotnet run --project samples/Serverless -- FOLDER SECONDS
if (args is not [var folder, var text] || !int.TryParse(text, out var seconds))
{
    Console.Error.WriteLine("Usage: Serverless FOLDER SECONDS");
    return 2;
}

// Another invocation is at work, or one was killed: its run can be resumed at once on the same Linux system, elsewhere after two minutes.
var whileBusy = TimeSpan.FromSeconds(10);
try
{
    for (var number = 1; ; number++)
    {
        // A platform makes all of it anew, in another process or on another machine.
        var handler = new BackupHandler(BackupSettings.FromEnvironment(), new DirectorySink(folder));
        var reply = await handler.HandleAsync(new Invocation($"invocation-{number}", TimeSpan.FromSeconds(seconds)), CancellationToken.None);
        Console.Out.WriteLine($"Invocation {number}: {reply.Message}");
        if (reply.IsDone)
        {
            return 0;
        }

        if (reply.Run is null)
        {
            await Task.Delay(whileBusy);
        }
    }
}
catch (BackupException exception)
{
    Console.Error.WriteLine($"{exception.Message} {exception.Hint}");
    return 3;
}
