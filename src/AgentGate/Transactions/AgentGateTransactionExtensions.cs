using AgentGate.Pipeline;
using AgentGate.Transactions;

namespace Microsoft.Extensions.AI;

/// <summary>Lets calls of governed tools be undone together.</summary>
public static class AgentGateTransactionExtensions
{
    /// <summary>
    /// Begins a transaction. Calls of governed tools made in this flow of execution are its steps until it is disposed; inside another
    /// transaction of this gate it becomes a part of that one when it is committed.
    /// </summary>
    /// <param name="gate">The gate.</param>
    /// <param name="name">A name to find it by: at most 64 letters, digits, <c>_</c>, <c>-</c> or <c>.</c>; it stands in the store.</param>
    /// <returns>The transaction. The caller commits and disposes it.</returns>
    /// <remarks>Not asynchronous on purpose: the flow that calls it is the one whose calls are steps. Nothing is stored before the first step.</remarks>
    /// <exception cref="ArgumentException">The name is none.</exception>
    /// <exception cref="InvalidOperationException">The gate was installed without transactions, or the transaction around this flow has ended.</exception>
    public static GateTransaction BeginTransaction(this Gate gate, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(gate);
        if (name is not null && !Compensation.IsName(name))
        {
            throw new ArgumentException("The name of a transaction has 1 to 64 letters, digits, \"_\", \"-\" or \".\".", nameof(name));
        }

        var transaction = new GateTransaction(gate, Desk(gate), name, AmbientTransaction.Of(gate), AmbientTransaction.Innermost);
        AmbientTransaction.Enter(transaction);
        return transaction;
    }

    /// <summary>Runs a piece of work as a transaction: commits when it returns, rolls back when it throws.</summary>
    /// <typeparam name="T">What the work gives.</typeparam>
    /// <param name="gate">The gate.</param>
    /// <param name="work">The work. Where it rolled the transaction back itself, nothing is committed.</param>
    /// <param name="name">A name to find it by, as <see cref="BeginTransaction"/> takes it.</param>
    /// <returns>What the work gave.</returns>
    /// <exception cref="TransactionFailedException">The work threw, which is the cause, or could not be committed. What was undone and what was not is in the report.</exception>
    public static async Task<T> InTransactionAsync<T>(this Gate gate, Func<GateTransaction, Task<T>> work, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(work);
        await using var transaction = gate.BeginTransaction(name);
        T result;
        try
        {
            result = await work(transaction);
        }
        catch (Exception cause)
        {
            throw new TransactionFailedException(await transaction.RollbackAsync(), cause);
        }

        if (transaction.State is TransactionState.Active)
        {
            await transaction.CommitAsync();
        }

        return result;
    }

    /// <summary>Runs a piece of work as a transaction: commits when it returns, rolls back when it throws.</summary>
    /// <param name="gate">The gate.</param>
    /// <param name="work">The work. Where it rolled the transaction back itself, nothing is committed.</param>
    /// <param name="name">A name to find it by, as <see cref="BeginTransaction"/> takes it.</param>
    /// <exception cref="TransactionFailedException">The work threw, which is the cause, or could not be committed. What was undone and what was not is in the report.</exception>
    public static Task InTransactionAsync(this Gate gate, Func<GateTransaction, Task> work, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(work);
        return gate.InTransactionAsync(
            async transaction =>
            {
                await work(transaction);
                return true;
            },
            name);
    }

    /// <summary>Says what undoes a tool's steps, in every transaction of this process: those that run, and those to come. The last word counts.</summary>
    /// <param name="gate">The gate.</param>
    /// <param name="tool">The name of the tool.</param>
    /// <param name="compensation">What undoes a step, or <see cref="Compensation.Nothing"/>.</param>
    /// <remarks>A step is put down with what undoes it; one that was made before keeps the name it has, and takes this one where it has none.</remarks>
    /// <exception cref="ArgumentException">The compensation says something that cannot be kept.</exception>
    public static void Compensate(this Gate gate, string tool, Compensation compensation)
    {
        ArgumentNullException.ThrowIfNull(gate);
        ArgumentException.ThrowIfNullOrEmpty(tool);
        ArgumentNullException.ThrowIfNull(compensation);
        var (isInternal, arguments) = (gate.Tools?.IsInternal(tool) is true, gate.Tools?.ArgumentsOf(tool) ?? []);
        Desk(gate).Registry.Declare(tool, compensation, isInternal, arguments, gate.Tools);
    }

    /// <summary>
    /// Rolls back what processes left that ended in the middle of a transaction. Call it at the start, when the compensations are registered,
    /// and every now and then: another process's lease must end first. A server does so by itself.
    /// </summary>
    /// <param name="gate">The gate.</param>
    /// <param name="cancellationToken">Cancels, between two transactions.</param>
    /// <returns>What was undone and what was not, of every transaction that was taken over.</returns>
    public static Task<IReadOnlyList<TransactionReport>> ResumeTransactionsAsync(this Gate gate, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(gate);
        var recovery = gate.Extension<TransactionRecovery>() ?? throw Without();
        return recovery.RunAsync(gate, cancellationToken);
    }

    private static TransactionDesk Desk(Gate gate) => gate.Extension<TransactionDesk>() ?? throw Without();

    private static InvalidOperationException Without() => new("This gate has no transactions; install it with services.AddAgentGate().");
}
