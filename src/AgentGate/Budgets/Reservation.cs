using System.Collections.Immutable;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Budgets;

/// <summary>What one call holds on all its budgets. Changed by the ledger alone: under its lock, or by the one flow that holds it.</summary>
internal sealed class Reservation(Counter[] counters, long amount, long tokensMax, DateTimeOffset expiresAt)
{
    /// <summary>The counters, each holding the amount.</summary>
    public Counter[] Counters { get; } = counters;

    public long Amount { get; } = amount;

    /// <summary>The most tokens of one answer that the amount pays for.</summary>
    public long TokensMax { get; } = tokensMax;

    public DateTimeOffset ExpiresAt { get; } = expiresAt;

    public ReservationState State { get; set; }

    /// <summary>Its name in a ledger that several servers share.</summary>
    public Guid Id { get; init; }

    /// <summary>The call it was made for, where it is known.</summary>
    public string? CallId { get; init; }

    /// <summary>The tenant of the call.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>Its place among the open ones.</summary>
    public LinkedListNode<Reservation>? Node { get; set; }

    /// <summary>An amount on each of its budgets.</summary>
    public ImmutableArray<BudgetPosting> Post(long amount)
        => [.. Counters.Select(counter => new BudgetPosting(counter.Rule.Name, counter.Subject, counter.Start, amount))];
}

internal enum ReservationState
{
    Open,

    /// <summary>Its lease passed and it was charged in full.</summary>
    ExpiredCharged,

    /// <summary>Its lease passed and it was given back.</summary>
    ExpiredReleased,

    Settled,
}

/// <summary>What a call asks the ledger for.</summary>
/// <param name="Input">The most its prompt can cost.</param>
/// <param name="PerOutputToken">The most one token of each of its answers can cost together.</param>
/// <param name="Wanted">How many tokens each answer should be allowed.</param>
/// <param name="Least">How few still make sense.</param>
internal readonly record struct ReservationRequest(long Input, decimal PerOutputToken, long Wanted, long Least)
{
    /// <summary>The call, so that a shared ledger can be held against the log.</summary>
    public string? CallId { get; init; }
}

/// <summary>The ledger's answer: a reservation, or the budget that has too little left and how much that is.</summary>
internal readonly record struct ReservationResult(Reservation? Granted, Counter? Short, long Left)
{
    /// <summary>Where the short budget stood.</summary>
    public Pipeline.BudgetState? ShortState { get; init; }
}
