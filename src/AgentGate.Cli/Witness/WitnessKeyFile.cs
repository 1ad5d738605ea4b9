using System.Globalization;
using System.Security.Cryptography;
using AgentGate.Kernel.Signing;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Cli.Witness;

/// <summary>
/// A witness's private key in a file only its owner may read, in the form other implementations of signed notes use:
/// <c>PRIVATE+KEY+name+id+base64(type ‖ seed)</c>.
/// </summary>
internal sealed class WitnessKeyFile : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Prefix = "PRIVATE+KEY+";

    private readonly SigningKey _key;

    private WitnessKeyFile(string name, ReadOnlySpan<byte> seed)
    {
        _key = SigningKey.Create(SignatureAlgorithm.Ed25519, seed);
        Signer = new NoteSigner(_key, NoteKey.ForWitness(name, _key.PublicKey));
    }

    public NoteSigner Signer { get; }

    /// <summary>Reads the key, or makes it.</summary>
    /// <exception cref="UnusableInputException">The file or the name cannot be used.</exception>
    public static WitnessKeyFile OpenOrCreate(string path, string? name)
    {
        if (!File.Exists(path))
        {
            Create(path, name ?? throw new UnusableInputException($"{path} does not exist: name the new witness with --name, for example --name witness.example/w1."));
        }

        var file = Open(path);
        if (name is not null && name != file.Signer.PublicKey.Name)
        {
            var known = file.Signer.PublicKey.Name;
            file.Dispose();
            throw new UnusableInputException($"{path} is the key of '{known}', not of '{name}'. Leave --name out, or name another key file.");
        }

        return file;
    }

    /// <summary>Reads the key.</summary>
    /// <exception cref="UnusableInputException">The file cannot be used.</exception>
    public static WitnessKeyFile Open(string path)
    {
        string text;
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0)
            {
                throw new UnusableInputException($"{path} can be read by others than its owner: consider the key known and make another one.");
            }

            text = File.ReadAllText(path).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UnusableInputException($"{path} cannot be read: {exception.Message}");
        }

        return Read(text) ?? throw new UnusableInputException($"{path} is not a witness's key. Restore it from a backup, or move it away to make another one.");
    }

    public void Dispose() => _key.Dispose();

    private static WitnessKeyFile? Read(string text)
    {
        // Base64 may contain plus signs, a name may not.
        if (!text.StartsWith(Prefix, StringComparison.Ordinal) || text[Prefix.Length..].Split('+', 3) is not [var name, var id, var encoded])
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[1 + SigningKey.SecretLength];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length) || length != bytes.Length || bytes[0] != (byte)NoteSignatureType.Cosignature)
        {
            return null;
        }

        try
        {
            var file = new WitnessKeyFile(name, bytes[1..]);
            CryptographicOperations.ZeroMemory(bytes);
            return file.Signer.PublicKey.KeyId.ToString("x8", CultureInfo.InvariantCulture) == id ? file : null;
        }
        catch (NoteFormatException)
        {
            return null;
        }
    }

    private static void Create(string path, string name)
    {
        Span<byte> secret = stackalloc byte[1 + SigningKey.SecretLength];
        RandomNumberGenerator.Fill(secret[1..]);
        secret[0] = (byte)NoteSignatureType.Cosignature;
        try
        {
            using var made = new WitnessKeyFile(name, secret[1..]);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = OwnerOnly;
            }

            using var stream = new FileStream(path, options);
            stream.Write(System.Text.Encoding.UTF8.GetBytes(
                string.Create(CultureInfo.InvariantCulture, $"{Prefix}{name}+{made.Signer.PublicKey.KeyId:x8}+{Convert.ToBase64String(secret)}\n")));
            stream.Flush(flushToDisk: true);
        }
        catch (NoteFormatException exception)
        {
            throw new UnusableInputException($"--name {name}: {exception.Message}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UnusableInputException($"{path} cannot be written: {exception.Message}");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }
}
