using System.Text;
using AgentGate.Diagnostics;
using AgentGate.Loopback;
using AgentGate.Pii.Vault;
using AgentGate.Storage.Cluster.Connections;
using AgentGate.Storage.Cluster.Pii;
using Npgsql;

namespace AgentGate.Storage.Tests.Pii;

public sealed class PostgresPiiVaultTests : PiiVaultConformance, IAsyncLifetime
{
    private static readonly PiiSessionKey Session = new("t1", "key:k1", "name:s");
    private readonly System.Collections.Concurrent.ConcurrentBag<PostgresDatabase> _processes = [];
    private PostgresTestDatabase? _database;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await PostgresTestDatabase.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        await _database!.DisposeAsync();
    }

    [Fact]
    public async Task Nothing_in_the_tables_shows_a_value_or_the_name_of_a_session()
    {
        await TokenizeAsync(Session with { Name = "name:jane.doe@example.com" }, "123-45-6789");

        var rows = (string)(await RowAsync("SELECT string_agg(s::text || v::text, ' ') FROM pii_sessions s, pii_values v"))[0];
        Assert.DoesNotContain("123-45-6789", rows, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToHexStringLower(Encoding.UTF8.GetBytes("123-45-6789")), rows, StringComparison.Ordinal);
        Assert.DoesNotContain("jane.doe", rows, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE pii_values SET ciphertext = decode(repeat('00', 40), 'hex') WHERE number = 1")]
    [InlineData("UPDATE pii_values SET ciphertext = '\\x00' WHERE number = 1")]
    [InlineData("UPDATE pii_values SET ciphertext = (SELECT ciphertext FROM pii_values WHERE number = 2) WHERE number = 1")]
    [InlineData("UPDATE pii_values SET type = 'PHONE'")]
    [InlineData("UPDATE pii_sessions SET wrapped_key = decode(repeat('00', 60), 'hex')")]
    [InlineData("UPDATE pii_values SET version = 2")]
    [InlineData("UPDATE pii_sessions SET version = 2")]
    public async Task A_changed_or_moved_record_is_an_integrity_failure_and_never_a_wrong_value(string change)
    {
        await TokenizeAsync(Session, "a", "b");

        await ExecuteAsync(change);

        await RefusedAsync(async () => await Open().ReadAsync(Session, ["<SSN_1>", "<PHONE_1>"], Cancel));
        await RefusedAsync(async () => await TokenizeAsync(Session, "a", "new"));
    }

    [Fact]
    public async Task A_swapped_lookup_never_gives_a_value_the_token_of_another()
    {
        await TokenizeAsync(Session, "a", "b");

        await ExecuteAsync("""
            CREATE TABLE l AS SELECT number, lookup FROM pii_values;
            UPDATE pii_values SET lookup = decode(repeat('00', number::int), 'hex');
            UPDATE pii_values SET lookup = (SELECT lookup FROM l WHERE l.number = 3 - pii_values.number);
            """);

        await RefusedAsync(async () => await TokenizeAsync(Session, "a"));
    }

    [Fact]
    public async Task Another_master_key_opens_nothing()
    {
        await TokenizeAsync(Session, "a");

        var stored = Session with { Name = (string)(await RowAsync("SELECT name FROM pii_sessions"))[0] };
        await RefusedAsync(async () => await Open(0x22).ReadAsync(stored, ["<SSN_1>"], Cancel));
        Assert.Equal([null], await Open(0x22).ReadAsync(Session, ["<SSN_1>"], Cancel));
    }

    [Fact]
    public async Task A_call_whose_values_are_known_waits_for_nobody()
    {
        await TokenizeAsync(Session, "a");
        await using var blocker = await _database!.Database.OpenAsync("t1", Cancel);
        await using var transaction = await blocker.BeginTransactionAsync(Cancel);
        await using var hold = new NpgsqlCommand("SELECT 1 FROM pii_sessions FOR UPDATE", blocker);
        await hold.ExecuteNonQueryAsync(Cancel);

        Assert.Equal(["<SSN_1>"], await TokenizeAsync(Session, "a"));
    }

    [Fact]
    public async Task A_response_id_that_no_database_takes_is_nobodys()
    {
        Assert.Null(await Open().FindLinkAsync("t1", "key:k1", "resp\0", Cancel));
        Assert.Null(await Open().FindLinkAsync("t1", "key:k1", "resp\ud800", Cancel));
    }

    [Fact]
    public async Task Purging_at_several_servers_at_once_erases_each_session_once()
    {
        for (var i = 0; i < 20; i++)
        {
            await TokenizeAsync(Session with { Tenant = $"t{i % 3}", Name = $"name:{i}" }, "a");
        }

        Time.Advance(TimeSpan.FromHours(2));
        var vaults = Enumerable.Range(0, 4).Select(_ => Open()).ToArray();

        var purged = await Task.WhenAll(vaults.Select(vault => Task.Run(async () => await vault.PurgeExpiredAsync(Cancel))));

        Assert.Equal(20, purged.Sum());
    }

    [Fact]
    public async Task A_server_whose_clock_is_ahead_erases_no_session_the_others_use()
    {
        Time.SetUtcNow(TimeProvider.System.GetUtcNow());
        await TokenizeAsync(Session, "a");
        Time.Advance(TimeSpan.FromDays(1));

        Assert.Equal(0, await Open().PurgeExpiredAsync(Cancel));

        // Nor does it begin the session anew: the value keeps its token beside another one.
        Assert.Equal(["<SSN_2>", "<SSN_1>"], await TokenizeAsync(Session, "b", "a"));
    }

    private protected override IPiiVault Open() => Open(0x11);

    private PostgresPiiVault Open(byte key)
    {
        var process = _database!.Another();
        _processes.Add(process);
        return new PostgresPiiVault(process, new FixedMasterKey(key), Configured, Time, Ids);
    }

    private async Task<string[]> TokenizeAsync(PiiSessionKey session, params string[] texts)
        => [.. (await Open().TokenizeAsync(session, [.. texts.Select(text => new PiiValue("SSN", text))], create: true, Cancel))!.Tokens];

    private static async Task RefusedAsync(Func<Task> act)
        => Assert.Equal(Codes.PiiVaultIntegrity, (await Assert.ThrowsAsync<PiiVaultException>(act)).Code);

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await _database!.Database.Owner.OpenConnectionAsync(Cancel);
        await using var command = new NpgsqlCommand("SET row_security = off; " + sql, connection);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    private async Task<object[]> RowAsync(string sql)
    {
        await using var connection = await _database!.Database.OpenSystemAsync(Cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        Assert.True(await reader.ReadAsync(Cancel));
        var values = new object[reader.FieldCount];
        reader.GetValues(values);
        return values;
    }

    private sealed class FixedMasterKey(byte fill) : IMasterKeySource
    {
        public ReadOnlyMemory<byte> MasterKey { get; } = Enumerable.Repeat(fill, 32).ToArray();
    }
}
