using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.FluentUI.AspNetCore.Components;

namespace AgentGate.Dashboard;

/// <summary>Installs the pages. Who may see them is the host's business: nothing here is mapped without its word.</summary>
internal static class DashboardRegistration
{
    public static IServiceCollection AddDashboard(this IServiceCollection services, Func<IServiceProvider, DashboardFacts> facts)
    {
        services.AddSingleton(facts);
        services.AddRazorComponents().AddInteractiveServerComponents(circuits =>
        {
            // A visitor's keys end with its circuit, so one that nobody looks at is not kept for long.
            circuits.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(1);
            circuits.DisconnectedCircuitMaxRetained = 20;
        });
        services.AddFluentUIComponents();
        return services;
    }

    /// <summary>The pages and their circuit.</summary>
    public static RazorComponentsEndpointConventionBuilder MapDashboard(this IEndpointRouteBuilder routes)
        => routes.MapRazorComponents<App>().AddInteractiveServerRenderMode(options =>
        {
            // The host writes the whole policy of each page; the framework's own would stand beside it.
            options.ContentSecurityFrameAncestorsPolicy = null;
            options.DisableWebSocketCompression = true;
        });
}
