namespace AgentGate.Cli.Witness;

/// <summary>What a witness answers over HTTP.</summary>
/// <param name="Status">The status.</param>
/// <param name="ContentType">The type of the body.</param>
/// <param name="Body">The body.</param>
internal sealed record WitnessAnswer(int Status, string ContentType, string Body);
