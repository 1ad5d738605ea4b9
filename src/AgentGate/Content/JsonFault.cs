namespace AgentGate.Content;

/// <summary>Why a document was refused before any guard saw it.</summary>
/// <param name="Code">The stable <c>AG####</c> code.</param>
/// <param name="Message">A sentence naming the place; never holds content beyond a member's name.</param>
internal sealed record JsonFault(string Code, string Message);
