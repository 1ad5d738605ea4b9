using AgentGate.Diagnostics;
using AgentGate.Kernel.Signing;
using AgentGate.Pipeline;

namespace AgentGate.Audit;

/// <summary>
/// The signing keys of a server: the private one from <see cref="EnvironmentName"/> or from a file only its owner may read, the
/// public parts of all former ones from the same file. Thread-safe.
/// </summary>
internal sealed class FileSigningKeys : ISigningKeys, IDisposable
{
    /// <summary>The environment variable with the private key: 32 bytes in base64.</summary>
    public const string EnvironmentName = "AGENTGATE_DECISION_SIGNING_KEY";

    /// <summary>The environment variable with the key to rotate to, where the present one comes from <see cref="EnvironmentName"/>.</summary>
    public const string NextEnvironmentName = "AGENTGATE_DECISION_SIGNING_KEY_NEXT";

    /// <summary>The environment whose keys are good for it alone.</summary>
    public const string Development = "Development";

    private readonly string _path;
    private readonly string _environment;
    private readonly TimeProvider _time;
    private volatile State _state;

    private FileSigningKeys(string path, string environment, TimeProvider time, State state)
        => (_path, _environment, _time, _state) = (path, environment, time, state);

    public SigningKey Current => _state.Current;

    public IReadOnlyList<VerificationKey> All => _state.All;

    public string Name => _state.File.Name;

    /// <summary>The key a rotation that has begun leads to, if any.</summary>
    public VerificationKey? Pending => _state.File.Keys.FirstOrDefault(key => key.State == SigningKeyState.Pending)?.Public;

    /// <summary>Reads the keys, or makes the first one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="environmentValue">The value of <see cref="EnvironmentName"/>, if set.</param>
    /// <param name="options">Algorithm and name.</param>
    /// <param name="environment">The host's environment.</param>
    /// <param name="ids">Where a new key's bytes come from.</param>
    /// <param name="time">The clock.</param>
    /// <param name="rotates">Whether the caller is about to rotate: then the key's algorithm may be another than configured.</param>
    /// <exception cref="InvalidOperationException">A key cannot be used; the message says what to do.</exception>
    public static FileSigningKeys Open(
        string path, string? environmentValue, SigningOptions options, string environment, IIdSource ids, TimeProvider time, bool rotates = false)
    {
        var file = SigningKeyFile.Read(path) ?? new SigningKeyFile(options.Name ?? RandomName(ids), []);
        if (options.Name is not null && options.Name != file.Name)
        {
            throw SigningKeyFile.Unusable(
                $"AgentGate:Signing:Name is \"{options.Name}\", but everything signed here carries \"{file.Name}\". Take the setting out, or begin a new state directory.");
        }

        if (environment != Development && file.Keys.FirstOrDefault(key => key.Environment == Development) is { } made)
        {
            throw new InvalidOperationException(
                $"{Codes.DevelopmentKey}: the signing key {made.Public.Id} in {path} was made in the development environment, where keys are not kept safe. "
                + $"Start the environment {environment} with a state directory of its own (AGENTGATE_STATE_DIR).");
        }

        var keys = new FileSigningKeys(path, environment, time, null!);
        keys._state = string.IsNullOrEmpty(environmentValue) ? keys.FromFile(file, options, ids) : keys.FromEnvironment(file, options, environmentValue);
        return rotates || keys.Current.Algorithm == options.Algorithm
            ? keys
            : throw SigningKeyFile.Unusable(
                $"AgentGate:Signing:Algorithm is {options.Algorithm}, the key that signs is {keys.Current.Algorithm}. "
                + "Stop the server and rotate the key: log rotate-keys --signing.");
    }

    public VerificationKey? Find(string keyId) => _state.All.FirstOrDefault(key => string.Equals(key.Id, keyId, StringComparison.Ordinal));

    /// <summary>Begins a rotation: the new key is in the file, and does not sign yet.</summary>
    /// <param name="algorithm">Its algorithm.</param>
    /// <param name="next">The value of <see cref="NextEnvironmentName"/>, if set.</param>
    /// <param name="ids">Where its bytes come from.</param>
    /// <exception cref="InvalidOperationException">The present key comes from the environment and no next one does.</exception>
    public VerificationKey Prepare(SignatureAlgorithm algorithm, string? next, IIdSource ids)
    {
        var (secret, key) = (default(byte[]), default(SigningKey)!);
        if (_state.File.Keys.Single(k => k.State == SigningKeyState.Current).Secret is null)
        {
            key = string.IsNullOrEmpty(next)
                ? throw new InvalidOperationException(
                    $"{Codes.RotationRefused}: the signing key comes from {EnvironmentName}. Put the next one (openssl rand -base64 32) into {NextEnvironmentName} and try again.")
                : SigningSecret.FromEnvironment(NextEnvironmentName, next, algorithm);
        }
        else
        {
            (secret, key) = SigningSecret.Fresh(algorithm, ids);
        }

        using (key)
        {
            if (Find(key.Id) is not null)
            {
                throw new InvalidOperationException($"{Codes.RotationRefused}: the key {key.Id} has signed here before; take a new one.");
            }

            var added = new StoredSigningKey(key.PublicKey, secret, SigningKeyState.Pending, _environment, _time.GetUtcNow());
            Save([.. _state.File.Keys.Where(k => k.State != SigningKeyState.Pending), added], _state.Current);
            return key.PublicKey;
        }
    }

    /// <summary>Ends a rotation: the pending key signs, the former one's private part is forgotten.</summary>
    /// <remarks>With a key from the environment the operator moves the value; until then this process signs with nothing.</remarks>
    public void Promote()
    {
        var keys = _state.File.Keys
            .Select(key => key.State switch
            {
                SigningKeyState.Current => key with { State = SigningKeyState.Retired, Secret = null },
                SigningKeyState.Pending => key with { State = SigningKeyState.Current },
                _ => key,
            })
            .ToList();
        var current = keys.Single(key => key.State == SigningKeyState.Current);
        Save(keys, current.Secret is { } secret ? SigningKey.Create(current.Public.Algorithm, secret) : _state.Current);
    }

    /// <summary>Refuses to go on with a key that a rotation ended: the environment still holds the former one.</summary>
    /// <exception cref="InvalidOperationException">It does; the message says what to do.</exception>
    public void RefuseRetired()
    {
        if (_state.File.Keys.FirstOrDefault(key => key.State == SigningKeyState.Current) is { } current && current.Public.Id != Current.Id)
        {
            throw SigningKeyFile.Unusable(
                $"the logs say that {current.Public.Id} signs since the last rotation, and {EnvironmentName} still holds {Current.Id}. Put the new key into the variable.");
        }
    }

    /// <summary>Gives a rotation up that no log speaks of.</summary>
    /// <exception cref="InvalidOperationException">The environment holds the key that would be given up.</exception>
    public void DropPending()
    {
        if (Pending?.Id == Current.Id)
        {
            throw SigningKeyFile.Unusable($"{EnvironmentName} holds the key {Current.Id}, which no log names. Set the former one and rotate again.");
        }

        Save([.. _state.File.Keys.Where(key => key.State != SigningKeyState.Pending)], _state.Current);
    }

    public void Dispose() => _state.Current.Dispose();

    private static string RandomName(IIdSource ids)
    {
        Span<byte> bytes = stackalloc byte[8];
        ids.Fill(bytes);
        return "agentgate-" + Convert.ToHexStringLower(bytes);
    }

    private State FromFile(SigningKeyFile file, SigningOptions options, IIdSource ids)
    {
        if (file.Keys.FirstOrDefault(key => key.State == SigningKeyState.Current) is { } current)
        {
            return current.Secret is { } secret
                ? new State(file, SigningKey.Create(current.Public.Algorithm, secret))
                : throw SigningKeyFile.Unusable($"the signing key {current.Public.Id} came from {EnvironmentName}; set it again.");
        }

        var (bytes, made) = SigningSecret.Fresh(options.Algorithm, ids);
        return Added(file, made, bytes);
    }

    private State FromEnvironment(SigningKeyFile file, SigningOptions options, string value)
    {
        var key = SigningSecret.FromEnvironment(EnvironmentName, value, options.Algorithm);
        var current = file.Keys.FirstOrDefault(k => k.State == SigningKeyState.Current);
        if (current is null)
        {
            return Added(file, key, secret: null);
        }

        // Also where a rotation was recorded and not finished: the operator may have moved the value already.
        var expected = file.Keys.Where(k => k.State != SigningKeyState.Retired).Select(k => k.Public.Id);
        return expected.Contains(key.Id)
            ? new State(file, key)
            : throw SigningKeyFile.Unusable(
                $"{EnvironmentName} holds the key {key.Id}, but {current.Public.Id} is the one that signs here. Set that one, or rotate: "
                + $"stop the server, put the new key into {NextEnvironmentName} and run log rotate-keys --signing.");
    }

    private State Added(SigningKeyFile file, SigningKey key, byte[]? secret)
    {
        var added = file with
        {
            Keys = [.. file.Keys, new StoredSigningKey(key.PublicKey, secret, SigningKeyState.Current, _environment, _time.GetUtcNow())],
        };
        added.Write(_path);
        return new State(added, key);
    }

    private void Save(IReadOnlyList<StoredSigningKey> keys, SigningKey current)
    {
        var file = _state.File with { Keys = keys };
        file.Write(_path);
        _state = new State(file, current);
    }

    private sealed class State(SigningKeyFile file, SigningKey current)
    {
        public SigningKeyFile File { get; } = file;

        public SigningKey Current { get; } = current;

        public IReadOnlyList<VerificationKey> All { get; } =
        [
            .. file.Keys.Where(key => key.State == SigningKeyState.Current).Select(key => key.Public),
            .. file.Keys.Where(key => key.State != SigningKeyState.Current).Reverse().Select(key => key.Public),
        ];
    }
}
