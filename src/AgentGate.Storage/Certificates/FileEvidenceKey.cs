using AgentGate.Certificates;
using AgentGate.Pipeline;

namespace AgentGate.Storage.Certificates;

/// <summary>The master key of evidence in a file of its own beside the database, which only its owner may read. Made at the first use.</summary>
internal sealed class FileEvidenceKey(string path, IIdSource ids) : IEvidenceMasterKey
{
    private const int KeyBytes = 32;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly Lazy<ReadOnlyMemory<byte>> _key = new(() => Open(path, ids));

    public ReadOnlyMemory<byte> Key => _key.Value;

    private static ReadOnlyMemory<byte> Open(string path, IIdSource ids)
    {
        if (!File.Exists(path))
        {
            Create(path, ids);
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0)
        {
            throw new EvidenceException($"{path} can be read by others than its owner; run chmod 600 on it, and consider the key known");
        }

        var key = new byte[KeyBytes];
        return Convert.FromHexString(File.ReadAllText(path).Trim(), key, out _, out var written) == System.Buffers.OperationStatus.Done && written == KeyBytes
            ? key
            : throw new EvidenceException($"{path} does not hold 64 hexadecimal characters; restore it from a backup: without it stored evidence cannot be read");
    }

    private static void Create(string path, IIdSource ids)
    {
        var key = new byte[KeyBytes];
        ids.Fill(key);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using var file = new FileStream(path, options);
        file.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(key) + "\n"));
        file.Flush(flushToDisk: true);
    }
}
