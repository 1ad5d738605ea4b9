using System.Text;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;

namespace AgentGate.Audit;

/// <summary>The chain key of a server: from <see cref="EnvironmentName"/>, else from a file only its owner may read. Thread-safe.</summary>
internal sealed class FileLogKeySource : ILogKeySource
{
    /// <summary>The environment variable that overrides the file: at least 32 characters.</summary>
    public const string EnvironmentName = "AGENTGATE_HMAC_SECRET";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private FileLogKeySource(byte[] secret) => Current = new LogKey(LogKeyId.Of(secret), secret);

    public LogKey Current { get; }

    public LogKey? Find(string keyId) => string.Equals(keyId, Current.Id, StringComparison.Ordinal) ? Current : null;

    /// <summary>Reads the key, or makes it where neither variable nor file exists.</summary>
    /// <param name="path">The file: 64 hexadecimal characters.</param>
    /// <param name="environmentValue">The variable's value, if set.</param>
    /// <param name="ids">Where a new key's bytes come from.</param>
    /// <exception cref="InvalidOperationException">The key cannot be used; the message says what to do.</exception>
    public static FileLogKeySource Open(string path, string? environmentValue, IIdSource ids)
    {
        if (!string.IsNullOrEmpty(environmentValue))
        {
            var secret = Encoding.UTF8.GetBytes(environmentValue);
            return secret.Length >= LogKey.MinLength
                ? new FileLogKeySource(secret)
                : throw Unusable($"{EnvironmentName} is shorter than {LogKey.MinLength} bytes; set a longer one, or unset it to use {path}.");
        }

        if (!File.Exists(path))
        {
            Create(path, ids);
        }

        RefuseReadableByOthers(path);
        return new FileLogKeySource(Read(path));
    }

    private static void Create(string path, IIdSource ids)
    {
        var secret = new byte[LogKey.MinLength];
        ids.Fill(secret);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using var stream = new FileStream(path, options);
        stream.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(secret) + "\n"));
        stream.Flush(flushToDisk: true);
    }

    private static byte[] Read(string path)
    {
        try
        {
            var secret = Convert.FromHexString(File.ReadAllText(path).Trim());
            return secret.Length >= LogKey.MinLength ? secret : throw Unusable($"{path} holds fewer than {LogKey.MinLength} bytes.");
        }
        catch (FormatException)
        {
            throw Unusable($"{path} is not hexadecimal. Restore it from a backup: without it the log cannot be verified.");
        }
    }

    private static void RefuseReadableByOthers(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0)
        {
            throw Unusable($"{path} can be read by others than its owner; run chmod 600 on it, and consider the key known.");
        }
    }

    private static InvalidOperationException Unusable(string message) => new($"{Codes.LogKeyUnusable}: {message}");
}
