using System.Security;
using AgentGate.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentGate.Guardrails;

/// <summary>Registers the slice.</summary>
internal static class GuardrailsServiceCollectionExtensions
{
    private const int FileMax = 1024 * 1024;

    /// <summary>Adds the Guardrails guard, remembering in process unless another <see cref="IGuardrailStore"/> is registered. Needs a <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddGuardrails(this IServiceCollection services)
    {
        services.AddOptions<GuardrailsOptions>().PostConfigure(ReadFiles);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<GuardrailsOptions>, GuardrailsOptionsValidator>());
        services.TryAddSingleton<GuardrailUnits>();
        services.TryAddSingleton<GuardrailMetrics>();
        services.TryAddSingleton(provider => new GuardrailStoreHealth(
            provider.GetRequiredService<GuardrailUnits>(),
            provider.GetRequiredService<GuardrailMetrics>(),
            provider.GetService<ILogger<GuardrailStoreHealth>>() ?? NullLogger<GuardrailStoreHealth>.Instance));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHealthRemark, GuardrailStoreHealth>(provider => provider.GetRequiredService<GuardrailStoreHealth>()));
        services.TryAddSingleton<IGuardrailStore>(provider => new InMemoryGuardrailStore(
            provider.GetRequiredService<IOptions<GuardrailsOptions>>().Value.TracksMax, provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<GuardrailAdministration>();
        services.AddSingleton(provider => new GuardDescriptor("Guardrails", GuardOrder.Guardrails)
        {
            CountsOnce = true,
            Deadline = DeadlineOf(provider),
            Request = Guard(provider, GuardrailMode.Enforce),
        });

        // Without a guardrail that watches it is no guard: one with neither side is not asked.
        services.AddSingleton(provider => new GuardDescriptor("GuardrailsShadow", GuardOrder.Guardrails)
        {
            CountsOnce = true,
            Shadow = true,
            Deadline = DeadlineOf(provider),
            Request = provider.GetRequiredService<GuardrailUnits>().Shadow.IsEmpty ? null : Guard(provider, GuardrailMode.Shadow),
        });
        return services;
    }

    /// <summary>Longer than the store may take: what a guardrail declares for a loss is done before the gate gives up on the guard.</summary>
    private static TimeSpan DeadlineOf(IServiceProvider provider)
        => provider.GetRequiredService<IOptions<GuardrailsOptions>>().Value.StoreDeadline + TimeSpan.FromSeconds(2);

    private static GuardrailGuard Guard(IServiceProvider provider, GuardrailMode mode)
    {
        var units = provider.GetRequiredService<GuardrailUnits>();
        return new GuardrailGuard(
            mode == GuardrailMode.Shadow ? units.Shadow : units.Enforced,
            provider.GetRequiredService<IGuardrailStore>(),
            provider.GetRequiredService<IOptions<GuardrailsOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<GuardrailMetrics>(),
            provider.GetRequiredService<GuardrailStoreHealth>(),
            provider.GetService<ILogger<GuardrailGuard>>() ?? NullLogger<GuardrailGuard>.Instance);
    }

    private static void ReadFiles(GuardrailsOptions options)
    {
        foreach (var file in options.Files)
        {
            try
            {
                using var stream = File.OpenRead(file);
                if (stream.Length > FileMax)
                {
                    options.ReadFaults.Add($"AgentGate:Guardrails:Files: {file} is larger than 1 MiB.");
                    continue;
                }

                using var reader = new StreamReader(stream);
                options.Add(GuardrailReader.Read(reader.ReadToEnd(), file, options.ReadFaults), file);
            }
            catch (Exception unread) when (unread is IOException or UnauthorizedAccessException or SecurityException or ArgumentException or NotSupportedException)
            {
                options.ReadFaults.Add($"AgentGate:Guardrails:Files: {file} cannot be read ({unread.GetType().Name}).");
            }
        }
    }
}
