using System.Globalization;
using AgentGate.Budgets;
using AgentGate.Storage.Cluster.Connections;
using Npgsql;

namespace AgentGate.Storage.Cluster.Budgets;

/// <summary>Asks the ledger's database: in turn, within a deadline, and every failure as a loss. Thread-safe.</summary>
internal sealed class LedgerQuestions(PostgresDatabase database) : IDisposable
{
    /// <summary>How long a question may take; whole seconds, as Npgsql has them.</summary>
    public const int DeadlineSeconds = 5;

    /// <summary>How many questions are at the database at the same time: more would only wait for one another's rows there.</summary>
    private const int AtOnceMax = 16;

    private const int TriesMax = 3;

    private readonly SemaphoreSlim _turn = new(AtOnceMax, AtOnceMax);

    public void Dispose() => _turn.Dispose();

    /// <summary>Runs one statement and reads its answer, of which the first row is there.</summary>
    /// <exception cref="BudgetLedgerLostException">The database cannot be reached or does not answer; what it did is not known.</exception>
    public async ValueTask<T> RunAsync<T>(
        string sql, Action<NpgsqlParameterCollection> fill, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, int seconds = DeadlineSeconds)
    {
        if (!await _turn.WaitAsync(TimeSpan.FromSeconds(seconds), cancellationToken))
        {
            throw new BudgetLedgerLostException($"{database.Name}: no turn in time");
        }

        try
        {
            return await AskAsync(sql, fill, read, seconds, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async ValueTask<T> AskAsync<T>(string sql, Action<NpgsqlParameterCollection> fill, Func<NpgsqlDataReader, T> read, int seconds, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await using var command = database.System.CreateCommand(sql);
                command.CommandTimeout = seconds;
                fill(command.Parameters);
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                return await reader.ReadAsync(cancellationToken) ? read(reader) : throw new BudgetLedgerLostException($"{database.Name}: no answer");
            }
            catch (PostgresException again) when (again.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure && tries < TriesMax)
            {
                // The transaction was undone as a whole.
            }
            catch (Exception lost) when (lost is NpgsqlException or TimeoutException or InvalidOperationException)
            {
                throw new BudgetLedgerLostException(
                    string.Create(CultureInfo.InvariantCulture, $"{database.Name}: {(lost as PostgresException)?.SqlState ?? lost.GetType().Name}"), lost);
            }
        }
    }
}
