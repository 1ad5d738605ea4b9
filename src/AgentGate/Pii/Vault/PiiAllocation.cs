using System.Collections.Immutable;

namespace AgentGate.Pii.Vault;

/// <summary>The tokens of a list of values, and the session's key for binding raw content.</summary>
/// <param name="Tokens">One token such as <c>&lt;SSN_1&gt;</c> per value, in the values' order.</param>
/// <param name="BindingKey">256 bits derived from the session's key; it dies with the session.</param>
internal sealed record PiiAllocation(ImmutableArray<string> Tokens, ReadOnlyMemory<byte> BindingKey);
