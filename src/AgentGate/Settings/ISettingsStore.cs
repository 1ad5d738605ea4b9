namespace AgentGate.Settings;

/// <summary>Where the settings of tenants are kept. Thread-safe. Throws when the store fails.</summary>
internal interface ISettingsStore
{
    /// <summary>What was changed in a tenant, by name.</summary>
    Task<IReadOnlyList<StoredSetting>> ListAsync(string tenant, CancellationToken cancellationToken);

    /// <summary>Stores settings of a tenant, all or none.</summary>
    Task StoreAsync(string tenant, IReadOnlyCollection<StoredSetting> settings, CancellationToken cancellationToken);
}
