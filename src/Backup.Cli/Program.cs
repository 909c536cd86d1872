using Backup.Cli;

return await Tool.RunAsync(args);
