using AgentGate.Threats.Behaviour;

namespace AgentGate.Server.Threats;

/// <summary>Installs what watches behaviour and refuses addresses.</summary>
internal static class ThreatRegistration
{
    public static IServiceCollection AddThreats(this IServiceCollection services)
        => services.AddBehaviour().AddHostedService<BehaviourService>();
}
