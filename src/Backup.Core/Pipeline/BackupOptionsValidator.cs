using Microsoft.Extensions.Options;

namespace Backup.Core.Pipeline;

/// <summary>Checks each setting against its range; the body is generated from the attributes.</summary>
[OptionsValidator]
internal sealed partial class BackupOptionsValidator : IValidateOptions<BackupOptions>;
