using System.Text.Json;
using AgentGate.Diagnostics;
using AgentGate.Pipeline;
using AgentGate.Server.Access;
using AgentGate.Server.Identity;
using AgentGate.Settings;

namespace AgentGate.Server.Settings;

/// <summary>The settings of one's own tenant.</summary>
internal static class SettingEndpoints
{
    public static IServiceCollection AddSettings(this IServiceCollection services)
    {
        services.AddSingleton<TenantSettings>();
        services.AddSingleton<IFollowChanges>(provider => provider.GetRequiredService<TenantSettings>());
        services.AddSingleton<IOrganizations>(provider => provider.GetRequiredService<TenantSettings>());
        return services;
    }

    public static IEndpointRouteBuilder MapSettings(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/settings").WithTags("Settings");
        group.MapGet(string.Empty, async (HttpContext context, TenantSettings settings, CancellationToken cancellationToken)
                => TypedResults.Ok(await ViewAsync(context, settings, cancellationToken)))
            .RequireScope(Scopes.ConfigRead).WithSummary("List the settings of the tenant, and whether anything obeys each.");
        group.MapPut(string.Empty, ChangeAsync).RequireScope(Scopes.ConfigUpdate).RequireStepUpOfUsers()
            .Reads<SettingsChange>().Produces<SettingEntry[]>().ProducesProblem(StatusCodes.Status400BadRequest)
            .WithSummary("Change settings of the tenant, all that are named or none.");
        return routes;
    }

    private static async Task<IResult> ChangeAsync(
        HttpContext context, TenantSettings settings, IdentityActs acts, TimeProvider time, CancellationToken cancellationToken)
    {
        var (change, fault) = await JsonBody.ReadAsync<SettingsChange>(context, Codes.SettingInvalid);
        if (change is null)
        {
            return fault!;
        }

        var (principal, now) = (context.GetPrincipal(), time.GetUtcNow());
        var stored = await settings.OfAsync(principal.Tenant, cancellationToken);
        var changed = new List<StoredSetting>();
        foreach (var (key, value) in change.Settings)
        {
            if (SettingDefinitions.Find(key) is not { } definition)
            {
                return ApiProblem.Of(
                    StatusCodes.Status400BadRequest, Codes.SettingUnknown,
                    $"There is no such setting; the settings are {string.Join(", ", SettingDefinitions.All.Select(one => one.Key))}.", "settings");
            }

            if (definition.Read(value) is not { } text)
            {
                return ApiProblem.Of(StatusCodes.Status400BadRequest, Codes.SettingInvalid, $"`{definition.Key}` is {definition.Takes}.", definition.Key);
            }

            if (text != (stored.FirstOrDefault(one => one.Key == key)?.Value ?? definition.Default))
            {
                if (!definition.IsInForce)
                {
                    // Otherwise somebody would rely on what nothing does.
                    return ApiProblem.Of(
                        StatusCodes.Status400BadRequest, Codes.SettingNotObeyed, $"Nothing obeys `{definition.Key}` yet, so it stays as it is. {definition.Note}", definition.Key);
                }

                changed.Add(new StoredSetting(key, text, now, principal.Id));
            }
        }

        foreach (var one in changed)
        {
            // The name alone: a value may say something about somebody.
            await acts.AppendAsync(context, principal.Tenant, principal.Id, "settings.changed", one.Key);
        }

        if (changed.Count > 0)
        {
            await settings.StoreAsync(principal.Tenant, changed, cancellationToken);
        }

        return TypedResults.Ok(await ViewAsync(context, settings, cancellationToken));
    }

    private static async Task<SettingEntry[]> ViewAsync(HttpContext context, TenantSettings settings, CancellationToken cancellationToken)
    {
        var stored = await settings.OfAsync(context.GetPrincipal().Tenant, cancellationToken);
        return [.. SettingDefinitions.All.Select(one => View(one, stored.FirstOrDefault(found => found.Key == one.Key)))];
    }

    private static SettingEntry View(SettingDefinition definition, StoredSetting? stored)
        => new(definition.Key, JsonElement.Parse(stored?.Value ?? definition.Default), stored?.UpdatedAt, definition.IsInForce, definition.Note);
}
