using System.Buffers;

namespace AgentGate.Pii.Detection;

/// <summary>A published credential format: a fixed prefix and a body.</summary>
/// <param name="Prefix">Compared with case.</param>
/// <param name="Body">The characters of the body.</param>
/// <param name="Min">The shortest body.</param>
/// <param name="Max">The longest body; a longer run is something else.</param>
/// <param name="Random">Whether the body must look random, so that a placeholder such as <c>xxxx</c> is none.</param>
/// <param name="Kind">The type it is.</param>
internal sealed record KeyFormat(string Prefix, SearchValues<char> Body, int Min, int Max, bool Random = true, PiiKind Kind = PiiKind.ApiKey);
