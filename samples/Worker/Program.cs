using Worker;

// dotnet run --project samples/Worker -- --Backup:Database "Host=…" --Backup:Folder /var/backups/shop
await WorkerHost.Build(args).RunAsync();
