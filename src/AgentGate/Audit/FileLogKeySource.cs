using System.Text;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;

namespace AgentGate.Audit;

/// <summary>
/// The chain keys of a server: from <see cref="EnvironmentName"/>, else from a file only its owner may read. Thread-safe.
/// </summary>
/// <remarks>
/// The file has the key in use in its first line, in hexadecimal; after a rotation former ones follow, each in a line that begins with
/// <c>retired</c>: the entries they chained are verified with them.
/// </remarks>
internal sealed class FileLogKeySource : ILogKeySource
{
    /// <summary>The environment variable that overrides the file: at least 32 characters.</summary>
    public const string EnvironmentName = "AGENTGATE_HMAC_SECRET";

    private const string Retired = "retired ";
    private const string PendingWord = "pending ";

    private readonly string? _path;
    private volatile Keys _keys;

    private FileLogKeySource(string? path, Keys keys) => (_path, _keys) = (path, keys);

    public LogKey Current => _keys.Current;

    /// <summary>The key a rotation that has begun leads to, if any.</summary>
    public LogKey? Pending => _keys.Pending;

    public LogKey? Find(string keyId) => _keys.All.FirstOrDefault(key => string.Equals(key.Id, keyId, StringComparison.Ordinal));

    /// <summary>Reads the keys, or makes the first one where neither variable nor file exists.</summary>
    /// <param name="path">The file.</param>
    /// <param name="environmentValue">The variable's value, if set.</param>
    /// <param name="ids">Where a new key's bytes come from.</param>
    /// <exception cref="InvalidOperationException">The key cannot be used; the message says what to do.</exception>
    public static FileLogKeySource Open(string path, string? environmentValue, IIdSource ids)
    {
        if (!string.IsNullOrEmpty(environmentValue))
        {
            return OpenFixed(environmentValue);
        }

        if (!File.Exists(path))
        {
            var made = new Keys(Fresh(ids), [], null);
            Write(path, made);
            return new FileLogKeySource(path, made);
        }

        if (OwnedFile.IsOpenToOthers(path))
        {
            throw Unusable($"{path} can be read by others than its owner; run chmod 600 on it, and consider the key known.");
        }

        return new FileLogKeySource(path, Read(path));
    }

    /// <summary>The key of the environment variable.</summary>
    /// <exception cref="InvalidOperationException">The value is too short.</exception>
    public static FileLogKeySource OpenFixed(string environmentValue)
    {
        var secret = Encoding.UTF8.GetBytes(environmentValue);
        return secret.Length >= LogKey.MinLength
            ? new FileLogKeySource(null, new Keys(Key(secret), [], null))
            : throw Unusable($"{EnvironmentName} is shorter than {LogKey.MinLength} bytes; set a longer one, or unset it to use the file log.key.");
    }

    /// <summary>Reads the keys of a file for verifying, whoever may read it.</summary>
    /// <exception cref="InvalidOperationException">The file is not one of chain keys.</exception>
    public static ILogKeySource OpenForReading(string path) => new FileLogKeySource(null, Read(path));

    /// <summary>Begins a rotation: the new key is in the file, and chains nothing yet.</summary>
    /// <exception cref="InvalidOperationException">The key comes from the environment, where it cannot be changed from here.</exception>
    public LogKey Prepare(IIdSource ids)
    {
        if (_path is null)
        {
            throw new InvalidOperationException(
                $"{Codes.RotationRefused}: the chain key comes from {EnvironmentName}, where it cannot be rotated. "
                + "Put it, in hexadecimal, into log.key in the state directory (chmod 600), unset the variable, and try again.");
        }

        var next = Fresh(ids);
        Save(_keys with { Pending = next });
        return next;
    }

    /// <summary>Ends a rotation: the pending key chains from here on.</summary>
    public void Promote()
    {
        var keys = _keys;
        Save(new Keys(keys.Pending!, [keys.Current, .. keys.Former], null));
    }

    /// <summary>Gives a rotation up that no log speaks of.</summary>
    public void DropPending() => Save(_keys with { Pending = null });

    private static LogKey Key(byte[] secret) => new(LogKeyId.Of(secret), secret);

    private static LogKey Fresh(IIdSource ids)
    {
        var secret = new byte[LogKey.MinLength];
        ids.Fill(secret);
        return Key(secret);
    }

    private static Keys Read(string path)
    {
        var lines = File.ReadAllLines(path).Select(line => line.Trim()).Where(line => line.Length > 0).ToList();
        if (lines.Count == 0)
        {
            throw Unusable($"{path} is empty. Restore it from a backup: without it the log cannot be verified.");
        }

        return new Keys(
            Parse(path, lines[0]),
            [.. lines.Skip(1).Where(line => line.StartsWith(Retired, StringComparison.Ordinal)).Select(line => Parse(path, line[Retired.Length..]))],
            lines.Skip(1).Where(line => line.StartsWith(PendingWord, StringComparison.Ordinal)).Select(line => Parse(path, line[PendingWord.Length..])).LastOrDefault());
    }

    private static LogKey Parse(string path, string hex)
    {
        try
        {
            var secret = Convert.FromHexString(hex);
            return secret.Length >= LogKey.MinLength ? Key(secret) : throw Unusable($"{path} holds fewer than {LogKey.MinLength} bytes.");
        }
        catch (FormatException)
        {
            throw Unusable($"{path} is not hexadecimal. Restore it from a backup: without it the log cannot be verified.");
        }
    }

    private static void Write(string path, Keys keys)
    {
        string[] lines =
        [
            Hex(keys.Current),
            .. keys.Former.Select(key => Retired + Hex(key)),
            .. keys.Pending is { } pending ? [PendingWord + Hex(pending)] : Array.Empty<string>(),
        ];
        OwnedFile.Write(path, Encoding.ASCII.GetBytes(string.Join('\n', lines) + "\n"));

        static string Hex(LogKey key) => Convert.ToHexStringLower(key.Secret.Span);
    }

    private static InvalidOperationException Unusable(string message) => new($"{Codes.LogKeyUnusable}: {message}");

    private void Save(Keys keys)
    {
        Write(_path!, keys);
        _keys = keys;
    }

    private sealed record Keys(LogKey Current, IReadOnlyList<LogKey> Former, LogKey? Pending)
    {
        public IEnumerable<LogKey> All => [Current, .. Former];
    }
}
