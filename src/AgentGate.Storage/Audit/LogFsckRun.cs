using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Signing;
using AgentGate.Kernel.Transparency;
using AgentGate.Storage.Certificates;

namespace AgentGate.Storage.Audit;

/// <summary>Checks one tenant's log and stops at the first broken place. Not thread-safe; used once.</summary>
internal sealed class LogFsckRun
{
    private const int ProgressEvery = 100_000;

    private readonly DbConnection _connection;
    private readonly FsckMaterial _material;
    private readonly string _tenant;
    private readonly bool _hasTiles;
    private readonly bool _hasCertificates;
    private readonly bool _isSigned;
    private readonly MerkleFrontier _frontier = new();
    private readonly MerkleTileBuilder _tiles;
    private readonly ChainVerifier? _chain;
    private readonly Queue<(string Source, SignedNote Note, Checkpoint Checkpoint)> _checkpoints;
    private readonly Dictionary<string, VerificationKey> _signing;
    private long _tilesSeen;
    private FsckFinding? _finding;
    private byte[] _lastHash = new byte[ChainHead.HashLength];

    public LogFsckRun(DbConnection connection, FsckMaterial material, string tenant, bool hasTiles, bool hasCertificates)
    {
        (_connection, _material, _tenant) = (connection, material, tenant);
        (_hasTiles, _hasCertificates) = (hasTiles, hasCertificates);
        _tiles = new MerkleTileBuilder(Compare);
        _chain = material.ChainKeys is { } keys ? new ChainVerifier(tenant, keys.Find, ChainHead.Genesis) : null;
        _checkpoints = new(material.Checkpoints.Where(c => TenantOf(c.Checkpoint) == tenant).OrderBy(c => c.Checkpoint.Size));
        _isSigned = _checkpoints.Count > 0;
        _signing = material.SigningKeys.ToDictionary(key => key.Id, StringComparer.Ordinal);
    }

    /// <summary>How many entries were found in order.</summary>
    public long Entries => _frontier.Size;

    /// <summary>The tenant an origin names: what follows its last slash, decoded.</summary>
    public static string TenantOf(Checkpoint checkpoint) => Uri.UnescapeDataString(checkpoint.Origin[(checkpoint.Origin.LastIndexOf('/') + 1)..]);

    /// <summary>Checks the log.</summary>
    /// <returns>The first broken place, or <see langword="null"/>.</returns>
    public FsckFinding? Run()
    {
        CheckCheckpoints();

        // In pages: PostgreSQL answers nothing else while a query is being read.
        for (var (after, page) = (long.MinValue, Page(long.MinValue)); page.Count > 0 && _finding is null; page = Page(after))
        {
            foreach (var (seq, entry, hash) in page)
            {
                Entry(seq, entry, hash);
                after = seq;
                if (_finding is not null)
                {
                    break;
                }

                if (Entries % ProgressEvery == 0)
                {
                    _material.Progress?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{_tenant}: {Entries:N0} entries"));
                }
            }
        }

        if (_finding is null)
        {
            End();
        }

        return _finding;
    }

    /// <summary>Gives a command a parameter, in the way both databases read.</summary>
    internal static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }

    private List<(long Seq, byte[] Entry, byte[] Hash)> Page(long after)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT seq, entry, hash FROM log_entries WHERE tenant = @tenant AND seq > @after ORDER BY seq LIMIT 2000";
        Add(command, "tenant", _tenant);
        Add(command, "after", after);
        using var reader = command.ExecuteReader();
        var page = new List<(long, byte[], byte[])>();
        while (reader.Read())
        {
            page.Add((reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<byte[]>(2)));
        }

        return page;
    }

    private void Break(long? seq, string what) => _finding ??= new FsckFinding(_tenant, seq, what);

    private void Entry(long seq, byte[] entry, byte[] hash)
    {
        var expected = Entries + 1;
        if (seq != expected)
        {
            Break(expected, seq > expected ? "it is missing; the next one stored is " + seq.ToString(CultureInfo.InvariantCulture) : $"the number {seq} is stored before it");
            return;
        }

        LogEntry parsed;
        try
        {
            parsed = LogEntryParser.Parse(entry);
        }
        catch (FormatException refused)
        {
            Break(seq, $"{refused.Message} (edited)");
            return;
        }

        if (parsed.Seq != seq || parsed.Body.Tenant != _tenant)
        {
            Break(seq, $"the entry says it is number {parsed.Seq} of {parsed.Body.Tenant} (reordered)");
            return;
        }

        if (_chain is not null && !_chain.Add(seq, entry, hash))
        {
            Break(seq, _chain.Complete().Reason switch
            {
                ChainBreak.UnknownKey => $"it is chained with {parsed.KeyId}, a key that is unknown or that no entry named",
                _ => "its chain value is not that of its bytes (edited)",
            });
            return;
        }

        Rotation(seq, parsed.Body);
        Certificate(seq, parsed.Body);
        var leaf = MerkleHash.Leaf(entry);
        _frontier.Append(leaf);
        _tiles.Append(leaf);
        _lastHash = hash;
        while (_finding is null && _checkpoints.TryPeek(out var next) && next.Checkpoint.Size == Entries)
        {
            if (!_frontier.Root().AsSpan().SequenceEqual(next.Checkpoint.Root.Span))
            {
                Break(null, $"the first {Entries} entries are not those of the checkpoint in {next.Source}");
            }

            _checkpoints.Dequeue();
        }
    }

    private void CheckCheckpoints()
    {
        foreach (var (source, note, checkpoint) in _checkpoints)
        {
            var keys = _material.NoteKeys.Where(key => key.Name == checkpoint.Origin).ToList();
            if (_material.Name is { } name && LogOrigin.Of(name, _tenant) == checkpoint.Origin)
            {
                keys.AddRange(_material.SigningKeys.Where(key => keys.All(known => known.Key.Id != key.Id)).Select(key => NoteKey.ForLog(checkpoint.Origin, key)));
            }

            if (_material.KnowsNoteKeys && !note.Verify(keys, out _))
            {
                Break(null, $"the checkpoint in {source} is not signed by a known key");
            }
        }

        while (_checkpoints.TryPeek(out var empty) && empty.Checkpoint.Size == 0)
        {
            _checkpoints.Dequeue();
        }
    }

    private void Compare(TileCoordinates tile, ReadOnlySpan<byte> hashes)
    {
        if (!_hasTiles)
        {
            return;
        }

        _tilesSeen++;
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT hashes FROM log_tiles WHERE tenant = @tenant AND level = @level AND idx = @index";
        Add(command, "tenant", _tenant);
        Add(command, "level", tile.Level);
        Add(command, "index", tile.Index);
        if (command.ExecuteScalar() is not byte[] stored)
        {
            Break(null, $"{tile} is missing");
        }
        else if (!stored.AsSpan().SequenceEqual(hashes))
        {
            var differs = stored.AsSpan().CommonPrefixLength(hashes) / MerkleHash.Length;
            Break(tile.Level == 0 ? (tile.Index * TileCoordinates.FullWidth) + differs + 1 : null, $"{tile} is not that of the entries (edited)");
        }
    }

    private void Rotation(long seq, LogEntryBody body)
    {
        if (body is not { Kind: EntryKind.Admin, Action: KeyRotation.Action })
        {
            return;
        }

        if (!KeyRotation.TryParse(body.Statement, out var rotation, out var error))
        {
            Break(seq, $"the rotation of a key cannot be read: {error}");
        }
        else if (rotation.Role == LogKeyRole.Signing && _signing.Count > 0)
        {
            if (!_signing.TryGetValue(rotation.Old, out var old) || !rotation.IsSignedBy(old))
            {
                Break(seq, $"the rotation from {rotation.Old} to {rotation.New} is not signed by the old key, or that one is unknown");
            }

            _signing[rotation.New] = rotation.NewKey!;
        }
    }

    private void Certificate(long seq, LogEntryBody body)
    {
        if (body is not { DecisionId: { } decision, CertificateHash: { } hash })
        {
            return;
        }

        if (!_hasCertificates)
        {
            Break(seq, $"it names the certificate of its decision {decision}, and the database has no certificates");
            return;
        }

        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT body, seal FROM certificates WHERE tenant = @tenant AND decision_id = @decision";
        Add(command, "tenant", _tenant);
        Add(command, "decision", decision);
        using var reader = command.ExecuteReader();
        if (!reader.Read())
        {
            Break(seq, $"the certificate of its decision {decision} is missing");
        }
        else if (Convert.ToHexStringLower(SHA256.HashData(reader.GetFieldValue<byte[]>(0))) != hash)
        {
            Break(seq, $"the certificate of its decision {decision} is not the one it names (edited)");
        }
        else if (_signing.Count > 0 && !IsSealed(reader.GetFieldValue<byte[]>(0), reader.GetFieldValue<byte[]>(1)))
        {
            Break(seq, $"the signature of the certificate of its decision {decision} does not verify by a known key");
        }
    }

    private bool IsSealed(byte[] body, byte[] stored)
    {
        try
        {
            var seal = SealFormat.Read(stored);
            return _signing.TryGetValue(seal.KeyId, out var key) && CertificateBatch.Verify(body, seal, key);
        }
        catch (Exception damaged) when (damaged is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            return false;
        }
    }

    private void End()
    {
        if (_checkpoints.TryPeek(out var ahead))
        {
            Break(Entries + 1, $"the log ends before it, but the checkpoint in {ahead.Source} has {ahead.Checkpoint.Size} entries (truncated)");
        }

        Head();
        if (!_hasTiles)
        {
            // A server that signs checkpoints stores tiles: without a checkpoint the log may be one from before that.
            if (_isSigned)
            {
                Break(null, "there is a checkpoint of it, and the database has no tiles");
            }

            return;
        }

        foreach (var tile in _tiles.PartialTiles().Where(tile => tile.Level > 0).ToList())
        {
            Compare(tile, _tiles.Hashes(tile).Span);
        }

        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM log_tiles WHERE tenant = @tenant";
        Add(command, "tenant", _tenant);
        if (Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture) is var stored && stored != _tilesSeen)
        {
            Break(Entries + 1, $"{stored} tiles are stored, the entries make {_tilesSeen} (truncated)");
        }
    }

    private void Head()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT seq, hash FROM log_heads WHERE tenant = @tenant";
        Add(command, "tenant", _tenant);
        using var reader = command.ExecuteReader();
        if (!reader.Read())
        {
            Break(Entries + 1, "the recorded head of the log is missing");
        }
        else if (reader.GetInt64(0) != Entries)
        {
            Break(Entries + 1, $"the log ends at {Entries}, its recorded head is {reader.GetInt64(0)} (truncated)");
        }
        else if (!reader.GetFieldValue<byte[]>(1).AsSpan().SequenceEqual(_lastHash))
        {
            Break(Entries, "its chain value is not the recorded head's (edited)");
        }
    }
}
