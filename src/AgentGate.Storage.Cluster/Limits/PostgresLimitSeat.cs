using AgentGate.Diagnostics;
using AgentGate.Limits;
using AgentGate.Storage.Cluster.Connections;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentGate.Storage.Cluster.Limits;

/// <summary>
/// This server's seat, leased in PostgreSQL by the database's time: as many as servers are declared. A seat that another server held
/// serves a rule when that one's lease ended a window ago. A lease that cannot be renewed ends here before it ends there. While a
/// server whose shares are others has a seat, this one gets none: parts of different wholes can pass a limit together. Thread-safe.
/// </summary>
internal sealed partial class PostgresLimitSeat(
    PostgresDatabase database, string prefix, LimitSet limits, LimitStoreHealth health, string owner, TimeProvider time, ILogger<PostgresLimitSeat> logger)
    : ILimitSeat
{
    /// <summary>How long a lease lasts at the database.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    /// <summary>How often it is renewed.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    /// <summary>For how long this side believes in it: a tenth less, for clocks that do not run alike.</summary>
    private static readonly TimeSpan s_believed = Lease * 0.9;

    private volatile Held? _held;
    private bool _wasFull;

    /// <param name="Seat">The number.</param>
    /// <param name="AskedAt">When the lease was asked for, by this side's clock: it began no earlier.</param>
    /// <param name="ToldAt">When the answer was there.</param>
    /// <param name="FreeFor">For how long nobody else had held the seat then; <see langword="null"/> where nobody ever did.</param>
    private sealed record Held(int Seat, long AskedAt, long ToldAt, TimeSpan? FreeFor);

    /// <summary>The seat's number, or <see langword="null"/>.</summary>
    public int? Seat => _held is { } held && IsBelieved(held) ? held.Seat : null;

    public bool MayGrant(Limit limit)
        => _held is { } held && IsBelieved(held)
            && (held.FreeFor is not { } free || free + time.GetElapsedTime(held.ToldAt) > limit.Window + (limit.Window / SlidingWindow.Slots));

    /// <summary>Takes a seat or renews the lease.</summary>
    /// <exception cref="NpgsqlException">The database cannot be asked; the lease goes on as it is.</exception>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        var askedAt = time.GetTimestamp();
        await using var command = database.System.CreateCommand("SELECT seat, free_for, differs FROM agentgate_limit_seat($1, $2, $3, $4, $5)");
        command.CommandTimeout = 5;
        command.Parameters.Add(new NpgsqlParameter { Value = prefix });
        command.Parameters.Add(new NpgsqlParameter { Value = owner });
        command.Parameters.Add(new NpgsqlParameter { Value = limits.Servers });
        command.Parameters.Add(new NpgsqlParameter { Value = Lease });
        command.Parameters.Add(new NpgsqlParameter { Value = limits.Sharing });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var answered = await reader.ReadAsync(cancellationToken);
        var differs = answered && reader.GetBoolean(2);
        health.SharesDiffer(differs);
        if (differs)
        {
            _held = null;
            return;
        }

        if (!answered)
        {
            _held = null;
            if (!_wasFull)
            {
                Log.Taken(logger, Codes.LimitSeatsTaken, limits.Servers);
            }

            _wasFull = true;
            return;
        }

        _wasFull = false;
        _held = new Held(reader.GetInt32(0), askedAt, time.GetTimestamp(), await reader.IsDBNullAsync(1, cancellationToken) ? null : reader.GetTimeSpan(1));
    }

    /// <summary>Gives the seat back: who takes it waits a window from now.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        _held = null;
        await using var command = database.System.CreateCommand(
            "UPDATE limit_seats SET lease_ends = clock_timestamp() WHERE prefix = $1 AND owner = $2 AND lease_ends > clock_timestamp()");
        command.CommandTimeout = 5;
        command.Parameters.Add(new NpgsqlParameter { Value = prefix });
        command.Parameters.Add(new NpgsqlParameter { Value = owner });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private bool IsBelieved(Held held) => time.GetElapsedTime(held.AskedAt) < s_believed;

    private static partial class Log
    {
        [LoggerMessage(EventId = 2108, Level = LogLevel.Warning, Message = "{Code}: all {Servers} seats are taken, so that this server has no share of its own. Set AgentGate:Limits:Servers to the number of servers, on each of them.")]
        public static partial void Taken(ILogger logger, string code, int servers);
    }
}
