using System.Collections.Immutable;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Server.Access;

/// <summary>Keys that live in this process only and end with what they were made for. No store holds them.</summary>
internal interface IVisitorKeys
{
    /// <summary>What the text of such a key begins with; no ordinary key does.</summary>
    const string Prefix = "agv_";

    /// <summary>Who a key's text stands for, or <see langword="null"/> where it stands for nobody (any more).</summary>
    Visitor? Authenticate(string text);

    /// <param name="Principal">Who calls.</param>
    /// <param name="SkippedGuards">The guards that do not judge the calls of this key.</param>
    sealed record Visitor(Principal Principal, ImmutableArray<string> SkippedGuards);
}
