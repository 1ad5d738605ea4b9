using System.Security.Cryptography;
using System.Text;
using AgentGate.Kernel.Signing;

namespace AgentGate.Cli.Certificates.Nodes;

/// <summary>A node's private key in a file only its owner may read: one line, <c>agentgate-node-key-v1 </c> and the Ed25519 seed in base64.</summary>
internal static class NodeKeyFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Prefix = "agentgate-node-key-v1 ";
    private const int LengthMax = 256;

    /// <summary>Reads the key, or makes it where the file is missing.</summary>
    /// <exception cref="UnusableInputException">The file cannot be used.</exception>
    public static SigningKey OpenOrCreate(string path)
    {
        if (!File.Exists(path))
        {
            Create(path);
        }

        return Open(path);
    }

    /// <summary>Reads the key.</summary>
    /// <exception cref="UnusableInputException">The file cannot be used.</exception>
    public static SigningKey Open(string path)
    {
        string text;
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0)
            {
                throw new UnusableInputException($"{path} can be read by others than its owner: consider the key known and make another one.");
            }

            text = new FileInfo(path).Length <= LengthMax ? File.ReadAllText(path).TrimEnd() : "";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UnusableInputException($"{path} cannot be read: {exception.Message}");
        }

        Span<byte> seed = stackalloc byte[SigningKey.SecretLength];
        if (!text.StartsWith(Prefix, StringComparison.Ordinal) || !Convert.TryFromBase64String(text[Prefix.Length..], seed, out var length) || length != seed.Length)
        {
            throw new UnusableInputException($"{path} is not a node's key. Restore it from a backup, or move it away to make another one.");
        }

        var key = SigningKey.Create(SignatureAlgorithm.Ed25519, seed);
        CryptographicOperations.ZeroMemory(seed);
        return key;
    }

    private static void Create(string path)
    {
        Span<byte> seed = stackalloc byte[SigningKey.SecretLength];
        RandomNumberGenerator.Fill(seed);
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = OwnerOnly;
            }

            using var stream = new FileStream(path, options);
            stream.Write(Encoding.ASCII.GetBytes($"{Prefix}{Convert.ToBase64String(seed)}\n"));
            stream.Flush(flushToDisk: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UnusableInputException($"{path} cannot be written: {exception.Message}");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }
}
