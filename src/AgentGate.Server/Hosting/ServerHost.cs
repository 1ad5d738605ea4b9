using System.Text.Encodings.Web;
using AgentGate.Audit;
using AgentGate.Certificates;
using AgentGate.Dashboard;
using AgentGate.Deception;
using AgentGate.Delegation;
using AgentGate.Identity;
using AgentGate.Pii.Vault;
using AgentGate.Policies;
using AgentGate.Policies.Versions;
using AgentGate.Server.Access;
using AgentGate.Server.Alerts;
using AgentGate.Server.Audit;
using AgentGate.Server.Budgets;
using AgentGate.Server.Certificates;
using AgentGate.Server.Deception;
using AgentGate.Server.Delegation;
using AgentGate.Server.Gateway;
using AgentGate.Server.Guardrails;
using AgentGate.Server.Health;
using AgentGate.Server.Identity;
using AgentGate.Server.Identity.Device;
using AgentGate.Server.Identity.Factors;
using AgentGate.Server.Identity.Federation;
using AgentGate.Server.Identity.Passkeys;
using AgentGate.Server.Identity.Users;
using AgentGate.Server.Keys;
using AgentGate.Server.Plans;
using AgentGate.Server.Playground;
using AgentGate.Server.Policies;
using AgentGate.Server.Providers;
using AgentGate.Server.Providers.Demo;
using AgentGate.Server.Pii;
using AgentGate.Server.Settings;
using AgentGate.Server.Setup;
using AgentGate.Server.Threats;
using AgentGate.Server.Traces;
using AgentGate.Server.Transactions;
using AgentGate.Server.Witness;
using AgentGate.Storage;
using AgentGate.Storage.Cluster;
using AgentGate.Storage.Cluster.Budgets;
using AgentGate.Storage.Cluster.Connections;
using AgentGate.Storage.Cluster.Limits;
using AgentGate.Storage.Pii;
using AgentGate.Threats.Behaviour;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Hosting;

/// <summary>The composition root: what is added, what is mapped, and in which order a server starts.</summary>
internal static class ServerHost
{
    /// <summary>Builds the server.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="customize">Last word on the services, for tests.</param>
    /// <exception cref="InvalidOperationException">A setting is not usable; the message names it and the way out.</exception>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? customize = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = typeof(ServerHost).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environment.GetEnvironmentVariable("AGENTGATE_ENV") is { Length: > 0 } name ? name : null,
        });
        // The files of the pages do not change while a server runs. Watching for it maps a route over every path, and made of each unknown one a known
        // one with another method.
        builder.Configuration["ReloadStaticAssetsAtRuntime"] = "false";
        if (builder.Configuration["LOG_LEVEL"] is { Length: > 0 } level)
        {
            builder.Configuration["Logging:LogLevel:Default"] = level;
            builder.Configuration["Logging:LogLevel:AgentGate"] = level;
        }

        PublishedNames.Demand(builder.Configuration);
        var settings = ServerSettings.Read(builder.Configuration, args);
        var serve = args is not ["keys", ..];
        var rotates = args is ["log", ..];
        var state = StateDirectory.Open(settings.StateDirectory, settings.Fresh && serve && !rotates, serve, settings.Profile.IsCluster && !rotates);
        try
        {
            return Build(builder, settings, state, rotates, customize);
        }
        catch
        {
            state.Dispose();
            throw;
        }
    }

    private static WebApplication Build(
        WebApplicationBuilder builder, ServerSettings settings, StateDirectory state, bool rotates, Action<WebApplicationBuilder>? customize)
    {
        // With scopes: each line of a request says whose tenant it is. The host's own scope is left out, because a path can hold anything.
        builder.Logging.ClearProviders().AddJsonConsole(console => console.IncludeScopes = true);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.AddLogExport();

        // Why a server does not start is told at the terminal, in one sentence.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.WebHost.ConfigureKestrel((context, kestrel) =>
        {
            kestrel.AddServerHeader = false;

            // The bound of the API routes; a model route raises it for its own body (RequestBody).
            kestrel.Limits.MaxRequestBodySize = int.TryParse(context.Configuration["MAX_REQUEST_BODY_BYTES"], out var bytes)
                ? bytes
                : context.Configuration.GetValue(GatewayOptions.Section + ":ApiBodyBytesMax", new GatewayOptions().ApiBodyBytesMax);
        });
        if (builder.Configuration["URLS"] is null)
        {
            builder.WebHost.UseUrls(settings.Url);
        }

        // Unpublished builds have the files of the pages where they were built from; the framework looks there by itself in development only.
        builder.WebHost.UseStaticWebAssets();

        AddServices(builder, state, settings.Profile, rotates);
        customize?.Invoke(builder);
        var app = builder.Build();

        // Resolved so that the container gives the directory back when the server ends.
        app.Services.GetRequiredService<StateDirectory>();
        Map(app);
        PublishedNames.Tell(app.Configuration, app.Logger);
        return app;
    }

    /// <summary>Makes the stores ready, closes what a former process left open, prepares the demo key.</summary>
    /// <returns>The demo key in development.</returns>
    public static async Task<string?> PrepareAsync(WebApplication app, CancellationToken cancellationToken)
    {
        await PrepareKeysAsync(app, cancellationToken);
        await app.Services.GetRequiredService<CheckpointPublisher>().InitializeAsync(cancellationToken);
        await app.Services.GetRequiredService<DecisionRecorder>().InitializeAsync(cancellationToken);
        if (app.Services.GetService<BudgetUpkeep>() is { } budgets)
        {
            await budgets.StartAsync(cancellationToken);
        }

        await app.Services.GetRequiredService<SafetyNodes>().LoadAsync(cancellationToken);
        await app.Services.GetRequiredService<StoredPolicies>().LoadAsync(
            app.Services.GetRequiredService<IOptions<PolicyOptions>>().Value.IgnoreStored, cancellationToken);
        await app.Services.GetRequiredService<StoredGrants>().LoadAsync(cancellationToken);
        await app.Services.GetRequiredService<StoredHoney>().LoadAsync(cancellationToken);
        await app.Services.GetRequiredService<TokenKeys>().ReloadAsync(cancellationToken);
        await app.Services.GetRequiredService<Blocklist>().ReloadAsync(cancellationToken);
        await app.Services.GetRequiredService<DevelopmentUser>().PrepareAsync(cancellationToken);
        using (await app.Services.GetRequiredService<StateDirectory>().HoldKeysAsync(TimeProvider.System, cancellationToken))
        {
            await app.Services.GetRequiredService<SetupCode>().PrepareAsync(cancellationToken);
            return await app.Services.GetRequiredService<DemoKey>().PrepareAsync(cancellationToken);
        }
    }

    private static async Task PrepareKeysAsync(WebApplication app, CancellationToken cancellationToken)
    {
        var (services, state) = (app.Services, app.Services.GetRequiredService<StateDirectory>());
        using (await state.HoldKeysAsync(TimeProvider.System, cancellationToken))
        {
            // The first of several servers makes them.
            _ = services.GetRequiredService<FileLogKeySource>();
            _ = services.GetRequiredService<Pipeline.ISigningKeys>();
            _ = services.GetRequiredService<IMasterKeySource>();
        }

        // Built now and not with the first call: a guard that cannot be built stops the start.
        _ = services.GetRequiredService<Pipeline.Gate>();
        await services.GetRequiredService<IStorageInitializer>().InitializeAsync(cancellationToken);
        if (services.GetService<ServerPresence>() is { } presence)
        {
            await services.GetRequiredService<RedisHealth>().DemandAsync(cancellationToken);
            await services.GetRequiredService<LimitUpkeep>().StartAsync(cancellationToken);
            await presence.AnnounceAsync(cancellationToken);
        }

        // Before anything is appended: a rotation cut off is finished, and a log that lost what a checkpoint vouched for stops the start.
        using (await state.HoldKeysAsync(TimeProvider.System, cancellationToken))
        {
            await services.GetRequiredService<KeyRotator>().CompleteAsync(cancellationToken);
            (services.GetRequiredService<Pipeline.ISigningKeys>() as FileSigningKeys)?.RefuseRetired();
        }

        if (services.GetService<SharedKeys>() is { } shared)
        {
            await shared.CheckAsync(cancellationToken);
        }
    }

    /// <summary>Makes the stores ready for a command, and nothing else: a running server's log and keys stay its own.</summary>
    public static Task PrepareCommandAsync(WebApplication app, CancellationToken cancellationToken)
        => app.Services.GetRequiredService<IStorageInitializer>().InitializeAsync(cancellationToken);

    private static void AddStores(IServiceCollection services, StateDirectory state, StorageProfile profile)
    {
        services.AddSingleton(new ProfileName(profile.Name));
        services.AddSingleton<SharedStoreMonitor>();
        services.AddSingleton<Pipeline.IHealthRemark>(provider => provider.GetRequiredService<SharedStoreMonitor>());
        services.AddHostedService(provider => provider.GetRequiredService<SharedStoreMonitor>());
        if (!profile.IsCluster)
        {
            services.AddEmbeddedStorage(state.Database);
            services.AddSqlitePiiVault();
            return;
        }

        services.AddClusterStorage(profile.Database!, profile.Owner, profile.Redis, profile.MigrateOnStart);
        services.AddSingleton<SharedKeys>();
        services.AddHostedService<PresenceService>();
        services.AddHostedService<UpkeepService>();
    }

    private static void AddServices(WebApplicationBuilder builder, StateDirectory state, StorageProfile profile, bool rotates)
    {
        var (services, configuration) = (builder.Services, builder.Configuration);
        services.AddSingleton(_ => state);
        AddStores(services, state, profile);
        services.AddAudit(state.LogKey, configuration[FileLogKeySource.EnvironmentName]);
        services.AddLogSigning(state.SigningKeys, configuration[FileSigningKeys.EnvironmentName], builder.Environment.EnvironmentName, rotates, state.Checkpoints);
        services.AddSingleton<IMasterKeySource>(_ => FileMasterKeySource.Open(state.VaultKey, configuration[FileMasterKeySource.EnvironmentName]));
        services.AddSingleton<IEvidenceMasterKey>(provider => new VaultEvidenceKey(provider.GetRequiredService<IMasterKeySource>()));
        services.AddWitnesses();
        services.AddSingleton<IHoneyKey>(provider => FixedHoneyKey.From(provider.GetRequiredService<IMasterKeySource>().MasterKey));
        services.AddSingleton<IIdentityKey>(provider => FixedIdentityKey.From(provider.GetRequiredService<IMasterKeySource>().MasterKey));
        services.AddSingleton<CallerResolver>();
        services.AddKeyOwners();
        services.AddKeys();
        services.AddAgentGate();
        services.AddSingleton<IPolicyPeople, PolicyPeople>();
        services.AddPolicyVersions();
        services.AddSafetyNodes();
        services.AddSingleton<ISafetyNodeTransport, HttpSafetyNodeTransport>();
        services.AddHostedService<VaultPurge>();
        services.AddHostedService<ChangeFollowing>();
        services.AddProviders(configuration, builder.Environment.IsDevelopment());
        ServerOptions.Bind(builder);

        services.AddSingleton(provider => new BytesInFlight(provider.GetRequiredService<IOptions<GatewayOptions>>().Value.BytesInFlightMax));
        services.AddSingleton<ModelEndpoint>();
        services.AddSingleton<ModelsEndpoint>();
        services.AddSingleton<DemoKey>();
        services.AddSignIn();
        services.AddFactors();
        services.AddUsers();
        services.AddSettings();
        services.AddFederation();
        services.AddSetup();
        services.AddPlayground();
        services.AddSingleton<IOwnBudget, OwnBudget>();
        services.AddDashboard(provider => new DashboardFacts(
            provider.GetRequiredService<IHostEnvironment>().EnvironmentName, provider.GetRequiredService<IOptions<PasswordOptions>>().Value.LengthMin, Tenants.Default));
        services.AddProblemDetails();
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
            json.SerializerOptions.PropertyNamingPolicy = System.Text.Json.JsonNamingPolicy.SnakeCaseLower;
        });
        services.AddApiReference();
        builder.AddTelemetry();
        builder.AddHttpHardening();
        services.AddGuardrailUpkeep();
        services.AddThreats();
        services.AddAlerts();
        services.AddTransactionResuming();
        services.AddDistributedHealth(configuration);
    }

    private static void Map(WebApplication app)
    {
        app.UseHttpHardening();
        app.UseRouting();
        app.UseMiddleware<BehaviourWatch>();
        app.UseMiddleware<RequestAuthentication>();
        app.UseMiddleware<TextCheck>();
        app.UseAntiforgery();
        app.MapGet("/", Home).ExcludeFromDescription();
        app.MapHealth();
        app.MapDistributedHealth();
        app.MapTelemetry();
        app.MapGateway();
        app.MapAudit();
        app.MapTlog();
        app.MapTransparencyLog();
        app.MapTraces();
        app.MapGuardrails();
        app.MapBudgets();
        app.MapPolicies();
        app.MapCertificates();
        app.MapSafetyNodes();
        app.MapDelegation();
        app.MapDeception();
        app.MapPlans();
        app.MapKeys();
        app.MapUsers();
        app.MapPiiPermissions();
        app.MapSettings();
        app.MapApiReference();
        app.MapAuth();
        app.MapFactors();
        app.MapStepUp();
        app.MapPasskeys();
        app.MapDevice();
        app.MapFederation();
        app.MapSetup();
        app.MapThreats();
        app.MapAlerts();
        app.MapTransactions();
        app.MapSecurityTxt();
        if (app.Environment.IsDevelopment())
        {
            app.MapDemo();
        }

        MapPages(app);
    }

    /// <summary>A person is shown the first page, a program what is where.</summary>
    private static IResult Home(HttpContext context, IHostEnvironment environment)
    {
        context.Response.Headers.Vary = "Accept";
        return PageDoor.IsBrowsing(context)
            ? TypedResults.Redirect(environment.IsDevelopment() ? "/playground" : "/keys")
            : TypedResults.Json(new { name = "AgentGate", doors = "/v1", health = "/api/health" });
    }

    /// <summary>The pages, their files, signing out of them and, in development, in by a link.</summary>
    private static void MapPages(WebApplication app)
    {
        app.MapSignIn(hasLinks: app.Environment.IsDevelopment());
        app.MapStaticAssets().AllowEverybodyToRead();
        app.MapDashboard().Add(static page =>
        {
            if (!page.Metadata.Any(static one => one is OpenPageAttribute))
            {
                page.Metadata.Add(new PageRequirement());
            }
        });
    }
}
