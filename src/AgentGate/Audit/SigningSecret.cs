using System.Security.Cryptography;
using AgentGate.Kernel.Signing;
using AgentGate.Pipeline;

namespace AgentGate.Audit;

/// <summary>Makes signing keys. Thread-safe.</summary>
internal static class SigningSecret
{
    /// <summary>A secret at random, and the key it makes. Nearly every 32 bytes are a P-256 scalar; others are thrown away.</summary>
    public static (byte[] Secret, SigningKey Key) Fresh(SignatureAlgorithm algorithm, IIdSource ids)
    {
        var secret = new byte[SigningKey.SecretLength];
        for (var attempt = 0; ; attempt++)
        {
            ids.Fill(secret);
            try
            {
                return (secret, SigningKey.Create(algorithm, secret));
            }
            catch (KeyFormatException) when (attempt < 16)
            {
                CryptographicOperations.ZeroMemory(secret);
            }
        }
    }

    /// <summary>The key of an environment variable.</summary>
    /// <exception cref="InvalidOperationException">The value is not 32 bytes in base64.</exception>
    public static SigningKey FromEnvironment(string name, string value, SignatureAlgorithm algorithm)
    {
        var secret = new byte[SigningKey.SecretLength];
        try
        {
            return Convert.TryFromBase64String(value.Trim(), secret, out var length) && length == SigningKey.SecretLength
                ? SigningKey.Create(algorithm, secret)
                : throw SigningKeyFile.Unusable($"{name} is not {SigningKey.SecretLength} bytes in base64; make one with: openssl rand -base64 32.");
        }
        catch (KeyFormatException refused)
        {
            throw SigningKeyFile.Unusable($"{name}: {refused.Message}");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }
}
