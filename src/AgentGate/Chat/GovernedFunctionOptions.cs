using AgentGate.Pipeline;
using AgentGate.Transactions;
using Microsoft.Extensions.AI;

namespace AgentGate.Chat;

/// <summary>Who the invocations of a governed function belong to, and what it may see.</summary>
/// <remarks>Read for every invocation; the delegates must be thread-safe.</remarks>
public sealed class GovernedFunctionOptions
{
    /// <summary>Whether the function runs inside the application's own trust and sees real values. The name counts for the whole process.</summary>
    /// <value>The default is <see langword="false"/>: the function sees tokens.</value>
    public bool IsInternal { get; set; }

    /// <summary>What the function's arguments are: a query, a path, an address. The threats guard judges each as what it is.</summary>
    /// <value>The default is empty: every argument is free text. The declaration counts for the name in the whole process.</value>
    public IList<ToolArgument> Arguments { get; } = [];

    /// <summary>What the function does: <c>read</c>, <c>write</c>, <c>delete</c>, <c>send</c>, <c>pay</c>. Policies can ask for it.</summary>
    /// <value>The default is empty: what its arguments declare. The declaration counts for the name in the whole process.</value>
    public IList<string> Effects { get; } = [];

    /// <summary>The groups the function is in (<c>AgentGate::ToolGroup</c>), for policies.</summary>
    /// <value>The default is empty. The declaration counts for the name in the whole process.</value>
    public IList<string> Groups { get; } = [];

    /// <summary>What undoes an invocation that is a step of a transaction (docs/transactions.md); <see cref="Transactions.Compensation.Nothing"/> where there is nothing to undo.</summary>
    /// <value>The default is <see langword="null"/>: unless another is named, its steps are reported as not undone. The declaration counts for the name in the whole process.</value>
    public Compensation? Compensation { get; set; }

    /// <summary>The pseudonymous id of the principal: never a name, an e-mail or an address; it stands in the log.</summary>
    /// <value>The default gives <c>app</c>. An empty id is denied (AG6101).</value>
    public Func<AIFunctionArguments, string> PrincipalId { get; set; } = _ => SdkPrincipal.DefaultId;

    /// <summary>The tenant, part of every record and every PII session.</summary>
    /// <value>The default gives <c>default</c>. An empty tenant is denied (AG6101).</value>
    public Func<AIFunctionArguments, string> Tenant { get; set; } = _ => SdkPrincipal.DefaultTenant;

    /// <summary>The name of the PII session inside the principal's own scope: calls of one session share their tokens.</summary>
    /// <value>The default gives <see langword="null"/>: a session of its own for every invocation.</value>
    public Func<AIFunctionArguments, string?> SessionName { get; set; } = _ => null;

    /// <summary>The id of the grant the principal acts under (docs/delegation.md). What it gives is judged, not believed.</summary>
    /// <value>The default gives <see langword="null"/>: the principal acts for itself.</value>
    public Func<AIFunctionArguments, string?> Delegation { get; set; } = _ => null;
}
