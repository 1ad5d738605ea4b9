using AgentGate.Dashboard.Playground;
using AgentGate.Pipeline;
using AgentGate.Server.Access;

namespace AgentGate.Server.Playground;

/// <summary>Installs the playground: visitors' keys, their way to the door, and when a visitor's guards may be skipped.</summary>
internal static class PlaygroundRegistration
{
    public static IServiceCollection AddPlayground(this IServiceCollection services)
    {
        services.AddSingleton<VisitorKeys>();
        services.AddSingleton<IVisitorKeys>(provider => provider.GetRequiredService<VisitorKeys>());
        services.AddSingleton<ISkipRules, PlaygroundSkipRules>();
        services.AddSingleton<OwnAddress>();
        services.AddSingleton<PlaygroundClient>();

        // One per circuit: the container ends it, and its keys, with the circuit.
        services.AddScoped<IPlaygroundDoor, PlaygroundDoor>();
        return services;
    }
}
