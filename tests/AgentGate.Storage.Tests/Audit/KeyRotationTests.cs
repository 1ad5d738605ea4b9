using AgentGate.Audit;
using AgentGate.Kernel.Signing;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentGate.Storage.Tests.Audit;

public sealed class KeyRotationTests : IAsyncLifetime
{
    private TemporaryDatabase _database = null!;

    private string ChainPath => Path.Combine(_database.Folder, "log.key");

    private string SigningPath => Path.Combine(_database.Folder, "signing.keys");

    public async ValueTask InitializeAsync() => _database = await TemporaryDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Both_keys_rotate_by_entries_that_everything_follows()
    {
        string chainBefore, signingBefore;
        await using (var before = await Bench().FilledAsync(5))
        {
            (chainBefore, signingBefore) = (before.Keys.Current.Id, before.Signing.Current.Id);
            await before.Publisher.PublishAsync("a", default);
        }

        var rotated = await RotateAsync(chain: true, signing: true);
        Assert.Equal([LogKeyRole.Signing, LogKeyRole.Chain], rotated.Select(r => r.Role));

        await using var bench = await Bench().FilledAsync(3);
        Assert.NotEqual(chainBefore, bench.Keys.Current.Id);
        Assert.NotEqual(signingBefore, bench.Signing.Current.Id);
        Assert.NotNull(bench.Signing.Find(signingBefore));
        Assert.True((await bench.VerifyAsync()).Valid);
        await bench.Publisher.PublishAsync("a", default);
        Assert.Empty(bench.Fsck().Findings);
        Assert.Equal(10, (await bench.ReadAsync()).Length);
    }

    [Fact]
    public async Task An_outsider_who_knows_the_former_signing_key_alone_still_follows_to_the_new_one()
    {
        VerificationKey old;
        await using (var before = await Bench().FilledAsync(2))
        {
            old = before.Signing.Current.PublicKey;
        }

        await RotateAsync(chain: false, signing: true);
        await using var bench = await Bench().FilledAsync(1);
        var statement = (await bench.ReadAsync()).Single(e => e.Action == KeyRotation.Action).Statement;

        Assert.True(KeyRotation.TryParse(statement, out var rotation, out _));
        Assert.True(rotation.IsSignedBy(old));
        Assert.Equal(bench.Signing.Current.Id, rotation.NewKey!.Id);
        Assert.False((rotation with { New = old.Id }).IsSignedBy(old));
        Assert.False(rotation.IsSignedBy(rotation.NewKey));
    }

    [Fact]
    public async Task A_key_that_no_entry_named_is_refused_although_it_is_known()
    {
        await using (await Bench().FilledAsync(5))
        {
        }

        // The file says another key is in use, with the former one kept: somebody rotated past the log.
        var chain = FileLogKeySource.Open(ChainPath, null, new SystemIdSource(TimeProvider.System));
        chain.Prepare(new SystemIdSource(TimeProvider.System));
        chain.Promote();

        await using var bench = await Bench().FilledAsync(2);
        var result = await bench.VerifyAsync();
        Assert.Equal((6, ChainBreak.UnknownKey), (result.FirstBrokenSeq, result.Reason));
        Assert.Equal(6, Assert.Single(bench.Fsck().Findings).Seq);
    }

    [Fact]
    public async Task A_rotation_cut_off_before_the_logs_knew_of_it_is_given_up()
    {
        await using (var bench = await Bench().FilledAsync(5))
        {
            ((FileLogKeySource)bench.Keys).Prepare(bench.Ids);
            ((FileSigningKeys)bench.Signing).Prepare(SignatureAlgorithm.Ed25519, null, bench.Ids);
        }

        await using var again = await Bench(complete: true).FilledAsync(3);
        Assert.Null(((FileLogKeySource)again.Keys).Pending);
        Assert.Null(((FileSigningKeys)again.Signing).Pending);
        Assert.True((await again.VerifyAsync()).Valid);
        Assert.Empty(again.Fsck().Findings);
    }

    [Fact]
    public async Task A_rotation_cut_off_after_the_logs_knew_of_it_is_finished()
    {
        await using (await Bench().FilledAsync(5))
        {
        }

        var (chainBefore, signingBefore) = (File.ReadAllText(ChainPath), File.ReadAllText(SigningPath));
        await RotateAsync(chain: true, signing: true);
        var chain = File.ReadAllLines(ChainPath);
        var pending = chain[0];

        // As the files were when the entries were on the disk and the process ended: old in use, new pending.
        await File.WriteAllTextAsync(ChainPath, chainBefore.Trim() + "\npending " + pending + "\n");
        var secret = SigningKeyFile.Read(SigningPath)!.Keys.Single(k => k.State == SigningKeyState.Current);
        await File.WriteAllTextAsync(SigningPath, signingBefore);
        var file = SigningKeyFile.Read(SigningPath)!;
        (file with { Keys = [.. file.Keys, secret with { State = SigningKeyState.Pending }] }).Write(SigningPath);

        await using var again = await Bench(complete: true).FilledAsync(3);
        Assert.Equal(secret.Public.Id, again.Signing.Current.Id);
        Assert.Equal(pending, Convert.ToHexStringLower(again.Keys.Current.Secret.Span));
        Assert.True((await again.VerifyAsync()).Valid);
        Assert.Empty(again.Fsck().Findings);
    }

    [Fact]
    public void Keys_made_in_development_are_good_for_it_alone()
    {
        var ids = new SystemIdSource(TimeProvider.System);
        FileSigningKeys.Open(SigningPath, null, new SigningOptions(), "Development", ids, TimeProvider.System).Dispose();

        var refused = Assert.Throws<InvalidOperationException>(
            () => FileSigningKeys.Open(SigningPath, null, new SigningOptions(), "Production", ids, TimeProvider.System));
        Assert.StartsWith("AG4024", refused.Message, StringComparison.Ordinal);
        Assert.Contains("AGENTGATE_STATE_DIR", refused.Message, StringComparison.Ordinal);
        FileSigningKeys.Open(SigningPath, null, new SigningOptions(), "Development", ids, TimeProvider.System).Dispose();
    }

    [Fact]
    public void A_key_file_others_may_read_or_that_is_damaged_is_refused_and_names_the_way_out()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var ids = new SystemIdSource(TimeProvider.System);
        FileSigningKeys.Open(SigningPath, null, new SigningOptions(), "Production", ids, TimeProvider.System).Dispose();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(SigningPath));

        File.SetUnixFileMode(SigningPath, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.StartsWith("AG4023", Refused(new SigningOptions()), StringComparison.Ordinal);
        File.SetUnixFileMode(SigningPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Contains("log rotate-keys", Refused(new SigningOptions { Algorithm = SignatureAlgorithm.EcdsaP256 }), StringComparison.Ordinal);
        Assert.Contains("Name", Refused(new SigningOptions { Name = "another" }), StringComparison.Ordinal);
        File.WriteAllText(SigningPath, "{\"version\":1,\"name\":\"x\",\"keys\":[{}]}");
        Assert.StartsWith("AG4023", Refused(new SigningOptions()), StringComparison.Ordinal);

        string Refused(SigningOptions options) => Assert.Throws<InvalidOperationException>(
            () => FileSigningKeys.Open(SigningPath, null, options, "Production", ids, TimeProvider.System)).Message;
    }

    [Fact]
    public void A_key_from_the_environment_leaves_its_public_part_alone_in_the_file()
    {
        var ids = new SystemIdSource(TimeProvider.System);
        var value = Convert.ToBase64String(Enumerable.Range(1, 32).Select(i => (byte)i).ToArray());
        var options = new SigningOptions { Algorithm = SignatureAlgorithm.EcdsaP256, Name = "gate.example.com/log" };
        using (var keys = FileSigningKeys.Open(SigningPath, value, options, "Production", ids, TimeProvider.System))
        {
            Assert.Equal(SignatureAlgorithm.EcdsaP256, keys.Current.Algorithm);
            Assert.Equal("gate.example.com/log", keys.Name);
            Assert.DoesNotContain("secret", File.ReadAllText(SigningPath), StringComparison.Ordinal);
        }

        var other = Convert.ToBase64String(Enumerable.Range(2, 32).Select(i => (byte)i).ToArray());
        Assert.Contains("rotate", Assert.Throws<InvalidOperationException>(
            () => FileSigningKeys.Open(SigningPath, other, options, "Production", ids, TimeProvider.System)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => FileSigningKeys.Open(SigningPath, null, options, "Production", ids, TimeProvider.System));
        Assert.Throws<InvalidOperationException>(() => FileSigningKeys.Open(SigningPath, "c2hvcnQ=", options, "Production", ids, TimeProvider.System));
    }

    private async Task<IReadOnlyList<(LogKeyRole Role, string Old, string New)>> RotateAsync(bool chain, bool signing)
    {
        await using var bench = Bench();
        return await Rotator(bench).RotateAsync(chain, signing, SignatureAlgorithm.Ed25519, null, default);
    }

    private static KeyRotator Rotator(SqliteRecorderBench bench) => new(
        bench.Log, (FileLogKeySource)bench.Keys, (FileSigningKeys)bench.Signing, bench.Trees, bench.Options, bench.Ids, TimeProvider.System, NullLogger<KeyRotator>.Instance);

    private SqliteRecorderBench Bench(bool complete = false)
    {
        var ids = new SystemIdSource(TimeProvider.System);
        var bench = new SqliteRecorderBench(
            _database,
            keys: FileLogKeySource.Open(ChainPath, null, ids),
            signing: FileSigningKeys.Open(SigningPath, null, new SigningOptions(), "Production", ids, TimeProvider.System));
        if (complete)
        {
            Rotator(bench).CompleteAsync(default).GetAwaiter().GetResult();
        }

        return bench;
    }
}
