namespace AgentGate.Storage;

/// <summary>Makes the store ready: files, tables, migrations. Once, before anything else touches it.</summary>
public interface IStorageInitializer
{
    /// <summary>Creates what is missing and brings an older store up to this version.</summary>
    /// <param name="cancellationToken">Cancels between steps.</param>
    Task InitializeAsync(CancellationToken cancellationToken);
}
