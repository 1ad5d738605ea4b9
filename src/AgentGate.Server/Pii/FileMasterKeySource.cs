using AgentGate.Pii.Vault;

namespace AgentGate.Server.Pii;

/// <summary>The vault's master key: from PII_VAULT_ENCRYPTION_KEY, else from a file only its owner may read.</summary>
internal sealed class FileMasterKeySource(byte[] key) : IMasterKeySource
{
    public const string EnvironmentName = "PII_VAULT_ENCRYPTION_KEY";

    public ReadOnlyMemory<byte> MasterKey { get; } = key;

    /// <summary>Opens the key.</summary>
    /// <param name="file">The file, made where it does not exist.</param>
    /// <param name="environmentValue">The variable: 32 bytes in base64, with or without <c>base64:</c> before them.</param>
    public static FileMasterKeySource Open(string file, string? environmentValue)
    {
        if (string.IsNullOrEmpty(environmentValue))
        {
            return new FileMasterKeySource(Hosting.StateDirectory.Secret(file));
        }

        var key = new byte[48];
        var text = environmentValue.StartsWith("base64:", StringComparison.Ordinal) ? environmentValue[7..] : environmentValue;
        return Convert.TryFromBase64String(text, key, out var length) && length == 32
            ? new FileMasterKeySource(key[..32])
            : throw new InvalidOperationException($"AG7003: {EnvironmentName} must be 32 bytes in base64 (openssl rand -base64 32), or unset to use {file}.");
    }
}
