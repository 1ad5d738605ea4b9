namespace AgentGate.Pipeline;

/// <summary>The one thing a call does in the world: call the upstream model, run the tool, release a tool call.</summary>
public interface IEffect
{
    /// <summary>Runs the effect. Its content comes from the permit and from nowhere else.</summary>
    /// <param name="permit">The permit, used once.</param>
    /// <param name="cancellationToken">Cancelled when the caller goes away.</param>
    ValueTask<EffectResult> RunAsync(Permit permit, CancellationToken cancellationToken);
}
