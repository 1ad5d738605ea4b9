using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AgentGate.Diagnostics;
using AgentGate.Pii;
using AgentGate.Pii.Vault;
using AgentGate.Pipeline;
using AgentGate.Storage.Cluster.Connections;
using AgentGate.Storage.Pii;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AgentGate.Storage.Cluster.Pii;

/// <summary>
/// The vault of the cluster profile. A write locks the row of its session, so that concurrent calls of all servers number one after the
/// other, and is one transaction; a call whose values are all known only reads. Thread-safe.
/// </summary>
/// <remarks>
/// Erasing deletes the wrapped key. PostgreSQL keeps the deleted row on its disk until VACUUM, and in its write-ahead log and in backups
/// until those go: that is in the hands of whoever runs it.
/// </remarks>
internal sealed class PostgresPiiVault(
    PostgresDatabase database, IMasterKeySource master, IOptions<PiiVaultOptions> options, TimeProvider time, IIdSource ids) : IPiiVault
{
    /// <summary>A session that others begin and erase all the while is given up after this many tries.</summary>
    private const int TriesMax = 8;

    public async ValueTask<PiiAllocation?> TokenizeAsync(
        PiiSessionKey session, ImmutableArray<PiiValue> values, bool create, CancellationToken cancellationToken)
    {
        session = Stored(session);
        return await BusyAsync(async () =>
        {
            await using var connection = await database.OpenAsync(session.Tenant, cancellationToken);
            return await FindAllAsync(new PiiStatements(connection, cancellationToken), session, values)
                ?? await InTransactionAsync(connection, tables => AllocateAsync(tables, session, values, create), cancellationToken);
        });
    }

    public async ValueTask<ImmutableArray<string?>> ReadAsync(
        PiiSessionKey session, ImmutableArray<string> tokens, CancellationToken cancellationToken)
    {
        session = Stored(session);
        await using var connection = await database.OpenAsync(session.Tenant, cancellationToken);
        var tables = new PiiStatements(connection, cancellationToken);
        if (await tables.FindSessionAsync(session) is not { } row || row.ExpiresAt <= Now)
        {
            return [.. tokens.Select(_ => (string?)null)];
        }

        using var cipher = Open(session, row);
        var asked = tokens.Select(Split).ToArray();
        var found = (await tables.FindTokensAsync(row, [.. asked.OfType<(string Type, long Number)>()])).ToDictionary(value => (value.Type, value.Number));
        return ImmutableArray.CreateRange(asked.Select(token =>
            token is { } place && found.TryGetValue(place, out var value) ? cipher.Decrypt(TokenNumbers.Format(value.Type, value.Number), value.Version, value.Ciphertext) : null));
    }

    public async ValueTask<bool> LinkAsync(PiiResponseLink link, CancellationToken cancellationToken)
    {
        link = link with { Session = Stored(link.Session) };
        return await BusyAsync(async () =>
        {
            await using var connection = await database.OpenAsync(link.Session.Tenant, cancellationToken);
            return await InTransactionAsync(connection, tables => LinkAsync(tables, link), cancellationToken);
        });
    }

    public async ValueTask<PiiResponseLink?> FindLinkAsync(string tenant, string owner, string responseId, CancellationToken cancellationToken)
    {
        if (!IsText(responseId))
        {
            return null;
        }

        await using var connection = await database.OpenAsync(tenant, cancellationToken);
        return await new PiiStatements(connection, cancellationToken).FindLinkAsync(tenant, owner, responseId, Now) is var (name, sent)
            ? new PiiResponseLink(new PiiSessionKey(tenant, owner, name), responseId, [.. sent.Split(' ', StringSplitOptions.RemoveEmptyEntries)])
            : null;
    }

    public async ValueTask EraseAsync(PiiSessionKey session, CancellationToken cancellationToken)
    {
        session = Stored(session);
        await BusyAsync(async () =>
        {
            await using var connection = await database.OpenAsync(session.Tenant, cancellationToken);
            return await InTransactionAsync(connection, tables => tables.RemoveSessionAsync(session), cancellationToken);
        });
    }

    /// <summary>Every tenant's at once, and at several servers at once: what another is about to erase or to use is left to it.</summary>
    public async ValueTask<int> PurgeExpiredAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenSystemAsync(cancellationToken);
        return await new PiiStatements(connection, cancellationToken).RemoveExpiredAsync(Now);
    }

    /// <summary>The session as it is stored: a name a caller chose may itself be personal data, so only a keyed pseudonym of it is.</summary>
    private PiiSessionKey Stored(PiiSessionKey session)
        => session.Name.StartsWith(PiiSessionCipher.PseudonymPrefix, StringComparison.Ordinal)
            ? session
            : session with { Name = PiiSessionCipher.Pseudonym(session, master) };

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private long TtlMs => (long)options.Value.SessionTtl.TotalMilliseconds;

    /// <summary>The tokens when every value has one and the session was used not long ago, so that nothing needs to be written.</summary>
    private async Task<PiiAllocation?> FindAllAsync(PiiStatements tables, PiiSessionKey session, ImmutableArray<PiiValue> values)
    {
        var now = Now;
        if (await tables.FindSessionAsync(session) is not { } row || row.ExpiresAt - now < TtlMs - (TtlMs / 20))
        {
            return null;
        }

        using var cipher = Open(session, row);
        var known = await KnownAsync(tables, row, cipher, values);
        return values.All(value => known.ContainsKey(value.Text))
            ? new PiiAllocation([.. values.Select(value => known[value.Text])], cipher.BindingKey)
            : null;
    }

    private async Task<PiiAllocation?> AllocateAsync(PiiStatements tables, PiiSessionKey session, ImmutableArray<PiiValue> values, bool create)
    {
        var now = Now;
        if (await LockAsync(tables, session, create, now) is not { } row)
        {
            return null;
        }

        using var cipher = Open(session, row);
        var known = await KnownAsync(tables, row, cipher, values);
        var last = await tables.LastNumbersAsync(row, [.. values.Where(value => !known.ContainsKey(value.Text)).Select(value => value.Type).Distinct()]);
        var added = new List<PiiValueRow>();
        foreach (var value in values.Where(value => !known.ContainsKey(value.Text)).DistinctBy(value => value.Text))
        {
            var number = last[value.Type] = last.GetValueOrDefault(value.Type) + 1;
            var token = known[value.Text] = TokenNumbers.Format(value.Type, number);
            added.Add(new PiiValueRow
            {
                Tenant = session.Tenant,
                SessionId = row.Id,
                Type = value.Type,
                Number = number,
                Version = PiiSessionCipher.Version,
                Lookup = cipher.LookupOf(value.Text),
                Ciphertext = cipher.Encrypt(token, value.Text, ids),
            });
        }

        await tables.AddValuesAsync(added);
        await tables.ExtendAsync(row, now + TtlMs);
        return new PiiAllocation([.. values.Select(value => known[value.Text])], cipher.BindingKey);
    }

    /// <summary>The session's row, locked until the transaction ends; a new one where it is absent or expired and may begin.</summary>
    private async Task<PiiSessionRow?> LockAsync(PiiStatements tables, PiiSessionKey session, bool create, long now)
    {
        for (var tries = 0; tries < TriesMax; tries++)
        {
            if (await tables.LockSessionAsync(session) is { } row)
            {
                if (row.ExpiresAt > now || !await tables.IsPastAsync(row.ExpiresAt, now))
                {
                    return row;
                }

                await tables.RemoveSessionAsync(session);
            }

            if (!create)
            {
                return null;
            }

            // Where somebody else begins it at this moment this waits for them, adds nothing, and the row is found by the next try.
            await BeginAsync(tables, session, now);
        }

        throw new PiiVaultException(Codes.PiiVaultBusy, "the session begins and ends at other servers all the while");
    }

    private async Task BeginAsync(PiiStatements tables, PiiSessionKey session, long now)
    {
        var id = ids.NewId();
        var (cipher, wrappedKey) = PiiSessionCipher.Begin(session, id, master, ids);
        using (cipher)
        {
            await tables.AddSessionAsync(new PiiSessionRow
            {
                Id = id,
                Version = PiiSessionCipher.Version,
                Tenant = session.Tenant,
                Owner = session.Owner,
                Name = session.Name,
                WrappedKey = wrappedKey,
                ExpiresAt = now + TtlMs,
            });
        }
    }

    private PiiSessionCipher Open(PiiSessionKey session, PiiSessionRow row)
        => PiiSessionCipher.Open(session, row.Id, row.Version, row.WrappedKey, master);

    /// <summary>The tokens of those values that have one.</summary>
    private static async Task<Dictionary<string, string>> KnownAsync(
        PiiStatements tables, PiiSessionRow row, PiiSessionCipher cipher, ImmutableArray<PiiValue> values)
    {
        var texts = values.Select(value => value.Text).Distinct(StringComparer.Ordinal)
            .ToDictionary(text => Convert.ToHexString(cipher.LookupOf(text)), StringComparer.Ordinal);
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var found in await tables.FindValuesAsync(row, [.. texts.Keys.Select(Convert.FromHexString)]))
        {
            // The row was found by its lookup; that its token stands for this very text, only the ciphertext proves.
            var (text, token) = (texts[Convert.ToHexString(found.Lookup)], TokenNumbers.Format(found.Type, found.Number));
            known[text] = cipher.Decrypt(token, found.Version, found.Ciphertext) == text
                ? token
                : throw new PiiVaultException(Codes.PiiVaultIntegrity, "a value does not fit its lookup");
        }

        return known;
    }

    private async Task<bool> LinkAsync(PiiStatements tables, PiiResponseLink link)
    {
        if (await tables.LockSessionAsync(link.Session) is not { } row || row.ExpiresAt <= Now)
        {
            return false;
        }

        await tables.PutLinkAsync(new PiiResponseLinkRow
        {
            Tenant = link.Session.Tenant,
            Owner = link.Session.Owner,
            ResponseId = link.ResponseId,
            Version = PiiSessionCipher.Version,
            SessionId = row.Id,
            Sent = string.Join(' ', link.Sent),
        });
        await tables.ExtendAsync(row, Now + TtlMs);
        return true;
    }

    private static (string Type, long Number)? Split(string token)
    {
        var split = token.LastIndexOf('_');
        return split > 1 && IsText(token) && long.TryParse(token.AsSpan(split + 1).TrimEnd('>'), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (token[1..split], number)
            : null;
    }

    /// <summary>Whether PostgreSQL takes a text that a caller or a model chose: it knows no NUL and no half of a surrogate pair.</summary>
    private static bool IsText(string text)
        => !text.Contains('\0', StringComparison.Ordinal) && !text.EnumerateRunes().Any(static rune => rune == Rune.ReplacementChar);

    private static async Task<T> InTransactionAsync<T>(NpgsqlConnection connection, Func<PiiStatements, Task<T>> write, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var tables = new PiiStatements(connection, cancellationToken);
        await tables.WaitAtMostAsync();
        var result = await write(tables);

        // Once everything is written it is committed, whether or not somebody still waits for it.
        await transaction.CommitAsync(CancellationToken.None);
        return result;
    }

    private static async Task<T> BusyAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (PostgresException fault) when (fault.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
        {
            throw new PiiVaultException(Codes.PiiVaultBusy, "the session was locked by others for too long", fault);
        }
    }
}
