namespace AgentGate.Witness;

/// <summary>One witness.</summary>
public sealed class WitnessEndpointOptions
{
    /// <summary>Its verifier key: name, id and public key, joined by plus signs, as <c>agentgate witness key</c> prints it.</summary>
    /// <value>Required.</value>
    public string Key { get; set; } = "";

    /// <summary>Its submission prefix; <c>/add-checkpoint</c> is put behind it.</summary>
    /// <value>Required.</value>
    public Uri? Url { get; set; }
}
