using System.Text;
using AgentGate.Diagnostics;
using AgentGate.Pii.Vault;
using AgentGate.Storage.Pii;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AgentGate.Storage.Tests.Pii;

public sealed class SqlitePiiVaultTests : PiiVaultConformance, IDisposable
{
    private static readonly PiiSessionKey Session = new("t1", "key:k1", "name:s");
    private readonly string _folder = Directory.CreateTempSubdirectory("agentgate-pii-").FullName;
    private readonly SqliteDatabase _database;
    private readonly List<SqlitePiiVault> _opened = [];

    public SqlitePiiVaultTests()
    {
        _database = new SqliteDatabase(Path.Combine(_folder, "test.db"));
        using var context = new AgentGateDbContext(
            new DbContextOptionsBuilder<AgentGateDbContext>().UseSqlite(_database.ConnectionString).Options);
        context.Database.EnsureCreated();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _opened.ForEach(vault => vault.Dispose());
        using (var connection = new SqliteConnection(_database.ConnectionString))
        {
            SqliteConnection.ClearPool(connection);
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Nothing_in_the_file_shows_a_value()
    {
        await TokenizeAsync(Session, "123-45-6789");

        Assert.DoesNotContain("123-45-6789", Files(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Equal_values_leave_no_equal_bytes_in_two_sessions()
    {
        await TokenizeAsync(Session, "123-45-6789");
        await TokenizeAsync(Session with { Name = "name:t" }, "123-45-6789");

        Assert.Equal([2L, 2L, 2L], Row("SELECT COUNT(*), COUNT(DISTINCT lookup), COUNT(DISTINCT ciphertext) FROM pii_values"));
    }

    [Fact]
    public async Task Every_record_names_its_format_version_and_an_unknown_one_is_refused()
    {
        await TokenizeAsync(Session, "a");
        await Open().LinkAsync(new PiiResponseLink(Session, "resp_1", []), Cancel);

        foreach (var table in new[] { "pii_values", "pii_response_links", "pii_sessions" })
        {
            Assert.Equal([1L], Row($"SELECT version FROM {table}"));
            Execute($"UPDATE {table} SET version = 2");
            await RefusedAsync(table == "pii_response_links"
                ? async () => await Open().FindLinkAsync("t1", "key:k1", "resp_1", Cancel)
                : async () => await Open().ReadAsync(Session, ["<SSN_1>"], Cancel));
        }
    }

    [Theory]
    [InlineData("UPDATE pii_values SET ciphertext = zeroblob(40) WHERE number = 1")]
    [InlineData("UPDATE pii_values SET ciphertext = x'00' WHERE number = 1")]
    [InlineData("UPDATE pii_values SET ciphertext = (SELECT ciphertext FROM pii_values WHERE number = 2) WHERE number = 1")]
    [InlineData("UPDATE pii_values SET number = CASE number WHEN 1 THEN 11 ELSE 12 END; UPDATE pii_values SET number = CASE number WHEN 11 THEN 2 ELSE 1 END")]
    [InlineData("UPDATE pii_values SET type = 'PHONE'")]
    [InlineData("UPDATE pii_values SET tenant = 't2'")]
    [InlineData("UPDATE pii_sessions SET wrapped_key = zeroblob(60)")]
    [InlineData("PRAGMA foreign_keys = OFF; UPDATE pii_sessions SET id = 'x'; UPDATE pii_values SET session_id = 'x'")]
    public async Task A_changed_or_moved_record_is_an_integrity_failure_and_never_a_wrong_value(string change)
    {
        await TokenizeAsync(Session, "a", "b");

        Execute(change);

        await RefusedAsync(async () => await Open().ReadAsync(Session, ["<SSN_1>", "<PHONE_1>"], Cancel));
        await RefusedAsync(async () => await TokenizeAsync(Session, "a", "new"));
    }

    [Theory]
    [InlineData("tenant = 't2'", "t2", "key:k1")]
    [InlineData("owner = 'key:k2'", "t1", "key:k2")]
    [InlineData("name = 'mac:x'", "t1", "key:k1")]
    public async Task A_session_moved_to_somebody_else_does_not_open(string change, string tenant, string owner)
    {
        await TokenizeAsync(Session, "a");

        Execute($"UPDATE pii_sessions SET {change}; UPDATE pii_values SET tenant = '{tenant}'");

        // By the name it is stored under, which only the vault itself can derive; by the caller's name it is not even found.
        var stored = (string)Row("SELECT name FROM pii_sessions")[0];
        await RefusedAsync(async () => await Open().ReadAsync(new PiiSessionKey(tenant, owner, stored), ["<SSN_1>"], Cancel));
        Assert.Equal([null], await Open().ReadAsync(new PiiSessionKey(tenant, owner, "name:s"), ["<SSN_1>"], Cancel));
        Assert.Equal([null], await Open().ReadAsync(Session, ["<SSN_1>"], Cancel));
    }

    [Fact]
    public async Task A_swapped_lookup_never_gives_a_value_the_token_of_another()
    {
        await TokenizeAsync(Session, "a", "b");

        Execute("""
            CREATE TEMP TABLE l AS SELECT number, lookup FROM pii_values;
            UPDATE pii_values SET lookup = zeroblob(number);
            UPDATE pii_values SET lookup = (SELECT lookup FROM l WHERE l.number = 3 - pii_values.number);
            """);

        await RefusedAsync(async () => await TokenizeAsync(Session, "a"));
    }

    [Fact]
    public async Task A_value_moved_to_another_session_does_not_open()
    {
        var other = Session with { Name = "name:t" };
        await TokenizeAsync(Session, "a");
        await TokenizeAsync(other, "b");

        Execute("""
            CREATE TEMP TABLE v AS SELECT session_id, ciphertext FROM pii_values;
            UPDATE pii_values SET ciphertext = (SELECT ciphertext FROM v WHERE v.session_id <> pii_values.session_id);
            """);

        await RefusedAsync(async () => await Open().ReadAsync(Session, ["<SSN_1>"], Cancel));
        await RefusedAsync(async () => await Open().ReadAsync(other, ["<SSN_1>"], Cancel));
    }

    [Fact]
    public async Task Another_master_key_opens_nothing()
    {
        await TokenizeAsync(Session, "a");

        var stored = Session with { Name = (string)Row("SELECT name FROM pii_sessions")[0] };
        await RefusedAsync(async () => await Open(0x22).ReadAsync(stored, ["<SSN_1>"], Cancel));
        Assert.Equal([null], await Open(0x22).ReadAsync(Session, ["<SSN_1>"], Cancel));
    }

    [Fact]
    public async Task The_name_a_caller_gave_a_session_is_not_in_the_file()
    {
        await TokenizeAsync(Session with { Name = "name:jane.doe@example.com" }, "a");

        Assert.DoesNotContain("jane.doe", Files(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_restart_tokens_and_values_are_the_same()
    {
        await TokenizeAsync(Session, "a", "b");
        using (var connection = new SqliteConnection(_database.ConnectionString))
        {
            SqliteConnection.ClearPool(connection);
        }

        Assert.Equal(["<SSN_2>", "<SSN_3>"], await TokenizeAsync(Session, "b", "c"));
        Assert.Equal(["a"], await Open().ReadAsync(Session, ["<SSN_1>"], Cancel));
    }

    [Fact]
    public async Task Erasing_takes_the_wrapped_key_out_of_the_files()
    {
        await TokenizeAsync(Session, "a");
        var wrapped = Encoding.Latin1.GetString((byte[])Row("SELECT wrapped_key FROM pii_sessions")[0]);
        Assert.Contains(wrapped, Files(), StringComparison.Ordinal);

        await Open().EraseAsync(Session, Cancel);

        Assert.DoesNotContain(wrapped, Files(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_whose_values_are_known_writes_nothing()
    {
        await TokenizeAsync(Session, "a");
        using var blocker = _database.OpenRelaxed();
        using var transaction = blocker.BeginTransaction(deferred: false);

        Assert.Equal(["<SSN_1>"], await TokenizeAsync(Session, "a"));
    }

    private protected override IPiiVault Open() => Open(0x11);

    private SqlitePiiVault Open(byte key)
    {
        var vault = new SqlitePiiVault(_database, new FixedMasterKey(key), Configured, Time, Ids);
        _opened.Add(vault);
        return vault;
    }

    private async Task<string[]> TokenizeAsync(PiiSessionKey session, params string[] texts)
        => [.. (await Open().TokenizeAsync(session, [.. texts.Select(text => new PiiValue("SSN", text))], create: true, Cancel))!.Tokens];

    private static async Task RefusedAsync(Func<Task> act)
        => Assert.Equal(Codes.PiiVaultIntegrity, (await Assert.ThrowsAsync<PiiVaultException>(act)).Code);

    private string Files()
        => string.Concat(Directory.GetFiles(_folder).Select(file =>
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            return reader.ReadToEnd();
        }));

    private void Execute(string sql)
    {
        using var connection = _database.OpenRelaxed();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private object[] Row(string sql)
    {
        using var connection = _database.OpenRelaxed();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        Assert.True(reader.Read());
        var values = new object[reader.FieldCount];
        reader.GetValues(values);
        return values;
    }

    private sealed class FixedMasterKey(byte fill) : IMasterKeySource
    {
        public ReadOnlyMemory<byte> MasterKey { get; } = Enumerable.Repeat(fill, 32).ToArray();
    }
}
