using Backup.Core.Peers;

return await new PeersCommand().Parse(args).InvokeAsync();
