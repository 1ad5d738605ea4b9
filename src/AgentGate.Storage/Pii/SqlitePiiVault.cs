using System.Collections.Immutable;
using System.Globalization;
using AgentGate.Diagnostics;
using AgentGate.Pii;
using AgentGate.Pii.Vault;
using AgentGate.Pipeline;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace AgentGate.Storage.Pii;

/// <summary>
/// The vault in the SQLite file of the embedded profile. A write is one immediate transaction, so that concurrent calls and
/// processes number one after the other; a call whose values are all known only reads.
/// </summary>
/// <remarks>Thread-safe. Work runs on the thread pool, so that a guard's deadline holds while SQLite waits for a lock.</remarks>
internal sealed class SqlitePiiVault(
    SqliteDatabase database, IMasterKeySource master, IOptions<PiiVaultOptions> options, TimeProvider time, IIdSource ids) : IPiiVault, IDisposable
{
    private const int SqliteBusy = 5;
    private const int SqliteLocked = 6;

    // One writer of this process at a time asks SQLite for its lock: waiting here is fair, SQLite's own waiting polls.
    private readonly SemaphoreSlim _writer = new(1, 1);

    public async ValueTask<PiiAllocation?> TokenizeAsync(
        PiiSessionKey session, ImmutableArray<PiiValue> values, bool create, CancellationToken cancellationToken)
    {
        session = Stored(session);
        return await Task.Run(() => Read(tables => FindAll(tables, session, values)), cancellationToken)
            ?? await WriteAsync(tables => Allocate(tables, session, values, create), cancellationToken);
    }

    public async ValueTask<ImmutableArray<string?>> ReadAsync(
        PiiSessionKey session, ImmutableArray<string> tokens, CancellationToken cancellationToken)
    {
        session = Stored(session);
        return await Task.Run(() => Read(tables => Values(tables, session, tokens)), cancellationToken);
    }

    public async ValueTask<bool> LinkAsync(PiiResponseLink link, CancellationToken cancellationToken)
    {
        link = link with { Session = Stored(link.Session) };
        return await WriteAsync(tables => Link(tables, link), cancellationToken);
    }

    public async ValueTask<PiiResponseLink?> FindLinkAsync(
        string tenant, string owner, string responseId, CancellationToken cancellationToken)
        => await Task.Run(
            () => Read(tables => tables.FindLink(tenant, owner, responseId, Now) is var (name, sent)
                ? new PiiResponseLink(
                    new PiiSessionKey(tenant, owner, name), responseId, [.. sent.Split(' ', StringSplitOptions.RemoveEmptyEntries)])
                : null),
            cancellationToken);

    public async ValueTask EraseAsync(PiiSessionKey session, CancellationToken cancellationToken)
    {
        session = Stored(session);
        await EraseAsync(
            tables =>
            {
                if (tables.FindSession(session) is not { } row)
                {
                    return 0;
                }

                tables.RemoveSession(row.Id);
                return 1;
            },
            cancellationToken);
    }

    public async ValueTask<int> PurgeExpiredAsync(CancellationToken cancellationToken)
        => await EraseAsync(tables => tables.RemoveExpired(Now), cancellationToken);

    public void Dispose() => _writer.Dispose();

    /// <summary>The session as it is stored: a name a caller chose may itself be personal data, so only a keyed pseudonym of it is.</summary>
    private PiiSessionKey Stored(PiiSessionKey session)
        => session.Name.StartsWith(PiiSessionCipher.PseudonymPrefix, StringComparison.Ordinal)
            ? session
            : session with { Name = PiiSessionCipher.Pseudonym(session, master) };

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private long TtlMs => (long)options.Value.SessionTtl.TotalMilliseconds;

    /// <summary>The tokens when every value has one and the session was used not long ago, so that nothing needs to be written.</summary>
    private PiiAllocation? FindAll(PiiTables tables, PiiSessionKey session, ImmutableArray<PiiValue> values)
    {
        var now = Now;
        if (tables.FindSession(session) is not { } row || row.ExpiresAt - now < TtlMs - (TtlMs / 20))
        {
            return null;
        }

        using var cipher = Open(session, row);
        var tokens = ImmutableArray.CreateBuilder<string>(values.Length);
        foreach (var value in values)
        {
            if (Find(tables, row, cipher, value.Text) is not { } token)
            {
                return null;
            }

            tokens.Add(token);
        }

        return new PiiAllocation(tokens.MoveToImmutable(), cipher.BindingKey);
    }

    private PiiAllocation? Allocate(PiiTables tables, PiiSessionKey session, ImmutableArray<PiiValue> values, bool create)
    {
        var now = Now;
        var row = tables.FindSession(session);
        if (row is not null && row.ExpiresAt <= now)
        {
            tables.RemoveSession(row.Id);
            row = null;
        }

        if (row is null && !create)
        {
            return null;
        }

        using var cipher = row is null ? Begin(tables, session, now, out row) : Open(session, row);
        var last = new Dictionary<string, long>(StringComparer.Ordinal);
        var tokens = ImmutableArray.CreateBuilder<string>(values.Length);
        foreach (var value in values)
        {
            tokens.Add(Find(tables, row, cipher, value.Text) ?? Add(tables, row, cipher, value, last));
        }

        tables.Extend(row.Id, now + TtlMs);
        return new PiiAllocation(tokens.MoveToImmutable(), cipher.BindingKey);
    }

    private PiiSessionCipher Begin(PiiTables tables, PiiSessionKey session, long now, out PiiSessionRow row)
    {
        var id = ids.NewId();
        var (cipher, wrappedKey) = PiiSessionCipher.Begin(session, id, master, ids);
        row = new PiiSessionRow
        {
            Id = id,
            Version = PiiSessionCipher.Version,
            Tenant = session.Tenant,
            Owner = session.Owner,
            Name = session.Name,
            WrappedKey = wrappedKey,
            ExpiresAt = now + TtlMs,
        };
        tables.AddSession(row);
        return cipher;
    }

    private PiiSessionCipher Open(PiiSessionKey session, PiiSessionRow row)
        => PiiSessionCipher.Open(session, row.Id, row.Version, row.WrappedKey, master);

    private static string? Find(PiiTables tables, PiiSessionRow session, PiiSessionCipher cipher, string text)
    {
        if (tables.FindValue(session, cipher.LookupOf(text)) is not { } row)
        {
            return null;
        }

        // The row was found by its lookup; that its token stands for this very text, only the ciphertext proves.
        var token = TokenNumbers.Format(row.Type, row.Number);
        return cipher.Decrypt(token, row.Version, row.Ciphertext) == text
            ? token
            : throw new PiiVaultException(Codes.PiiVaultIntegrity, "a value does not fit its lookup");
    }

    private string Add(PiiTables tables, PiiSessionRow session, PiiSessionCipher cipher, PiiValue value, Dictionary<string, long> last)
    {
        var number = last.GetValueOrDefault(value.Type, -1) is >= 0 and var known ? known : tables.LastNumber(session.Id, value.Type);
        last[value.Type] = ++number;
        var token = TokenNumbers.Format(value.Type, number);
        tables.AddValue(new PiiValueRow
        {
            Tenant = session.Tenant,
            SessionId = session.Id,
            Type = value.Type,
            Number = number,
            Version = PiiSessionCipher.Version,
            Lookup = cipher.LookupOf(value.Text),
            Ciphertext = cipher.Encrypt(token, value.Text, ids),
        });
        return token;
    }

    private ImmutableArray<string?> Values(PiiTables tables, PiiSessionKey session, ImmutableArray<string> tokens)
    {
        if (tables.FindSession(session) is not { } row || row.ExpiresAt <= Now)
        {
            return [.. tokens.Select(_ => (string?)null)];
        }

        using var cipher = Open(session, row);
        return ImmutableArray.CreateRange(tokens, token => Value(tables, row, cipher, token));
    }

    private static string? Value(PiiTables tables, PiiSessionRow session, PiiSessionCipher cipher, string token)
    {
        var split = token.LastIndexOf('_');
        return split > 1
            && long.TryParse(token.AsSpan(split + 1).TrimEnd('>'), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && tables.FindToken(session, token[1..split], number) is { } row
            ? cipher.Decrypt(TokenNumbers.Format(row.Type, row.Number), row.Version, row.Ciphertext)
            : null;
    }

    private bool Link(PiiTables tables, PiiResponseLink link)
    {
        if (tables.FindSession(link.Session) is not { } row || row.ExpiresAt <= Now)
        {
            return false;
        }

        tables.PutLink(new PiiResponseLinkRow
        {
            Tenant = link.Session.Tenant,
            Owner = link.Session.Owner,
            ResponseId = link.ResponseId,
            Version = PiiSessionCipher.Version,
            SessionId = row.Id,
            Sent = string.Join(' ', link.Sent),
        });
        tables.Extend(row.Id, Now + TtlMs);
        return true;
    }

    private T Read<T>(Func<PiiTables, T> read)
    {
        using var connection = database.OpenRelaxed();
        using var transaction = connection.BeginTransaction(deferred: true);
        using var tables = new PiiTables(connection, transaction);
        return read(tables);
    }

    private Task<T> WriteAsync<T>(Func<PiiTables, T> write, CancellationToken cancellationToken)
        => ExclusivelyAsync(
            () =>
            {
                using var connection = database.OpenRelaxed();
                return Write(connection, write);
            },
            cancellationToken);

    /// <summary>Deletes so that the bytes are gone from the file: overwritten in its pages, and the write-ahead log emptied.</summary>
    private Task<int> EraseAsync(Func<PiiTables, int> erase, CancellationToken cancellationToken)
        => ExclusivelyAsync(
            () =>
            {
                using var connection = database.OpenRelaxed();
                Execute(connection, "PRAGMA secure_delete = ON");
                var erased = Write(connection, erase);
                if (erased > 0)
                {
                    Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
                }

                return erased;
            },
            cancellationToken);

    private static T Write<T>(SqliteConnection connection, Func<PiiTables, T> write)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        using var tables = new PiiTables(connection, transaction);
        var result = write(tables);
        transaction.Commit();
        return result;
    }

    private async Task<T> ExclusivelyAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await _writer.WaitAsync(cancellationToken);
        try
        {
            // Once begun it ends, so that the next writer of this process does not meet it.
            return await Task.Run(work, CancellationToken.None);
        }
        catch (SqliteException fault) when (fault.SqliteErrorCode is SqliteBusy or SqliteLocked)
        {
            throw new PiiVaultException(Codes.PiiVaultBusy, "the store was locked by others for too long", fault);
        }
        finally
        {
            _writer.Release();
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
