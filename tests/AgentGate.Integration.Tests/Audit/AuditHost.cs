using System.Net.Http.Headers;
using AgentGate.Audit;
using AgentGate.Client;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using AgentGate.Server.Access;
using AgentGate.Server.Audit;
using AgentGate.Server.Traces;
using AgentGate.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentGate.Integration.Tests.Audit;

/// <summary>The audit and trace endpoints over a real file on a real port. The tenant is what the bearer token says.</summary>
internal sealed class AuditHost : IAsyncDisposable
{
    private readonly string _folder;
    private readonly WebApplication _app;

    private AuditHost(string folder, WebApplication app) => (_folder, _app) = (folder, app);

    public string DatabasePath => Path.Combine(_folder, "agentgate.db");

    public DecisionRecorder Recorder => _app.Services.GetRequiredService<DecisionRecorder>();

    public static async Task<AuditHost> StartAsync()
    {
        var folder = Path.Combine(Path.GetTempPath(), "agentgate-test-" + Guid.NewGuid().ToString("n"));
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        builder.Services.AddEmbeddedStorage(Path.Combine(folder, "agentgate.db"));
        builder.Services.AddAudit(Path.Combine(folder, "log.key"), new string('k', 40));

        var app = builder.Build();
        app.Use((context, next) =>
        {
            context.SetPrincipal(new Principal { Id = "operator_1", Tenant = context.Request.Headers.Authorization.ToString()["Bearer ".Length..] });
            return next(context);
        });
        app.UseRouting();
#pragma warning disable ASP0014 // the empty builder has no implicit endpoint middleware
        app.UseEndpoints(routes => routes.MapAudit().MapTraces());
#pragma warning restore ASP0014
        await app.Services.GetRequiredService<IStorageInitializer>().InitializeAsync(CancellationToken.None);
        await app.Services.GetRequiredService<DecisionRecorder>().InitializeAsync(CancellationToken.None);
        await app.StartAsync();
        return new AuditHost(folder, app);
    }

    public HttpClient Http(string tenant)
    {
        var http = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tenant);
        return http;
    }

    public AgentGateClient Client(string tenant) => new(Http(tenant));

    public async Task AppendAsync(int number, string tenant = "a", string? tool = null, bool trace = false)
    {
        var entry = new LogEntryBody
        {
            Id = $"id-{number}",
            Kind = EntryKind.Denied,
            At = DateTimeOffset.UtcNow,
            Tenant = tenant,
            CallId = $"call-{number}",
            Door = "openai.chat",
            Principal = "agent_1",
            Action = GateActions.CallTool,
            Resource = EntityRef.Tool(tool ?? "crm/delete_record"),
            Decision = DecisionKind.Deny,
            Code = "AG1203",
            Verdicts = [new VerdictRecord("Admissibility", "deny", "AG1203", false, false, [new Finding("rule")], TimeSpan.FromMicroseconds(5))],
        };
        await Recorder.AppendAsync(new DecisionRecord(entry) { Trace = trace ? Trace(entry) : null }, default);
    }

    public void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={DatabasePath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private static CallTrace Trace(LogEntryBody entry) => new()
    {
        CallId = entry.CallId!,
        Tenant = entry.Tenant,
        Door = entry.Door!,
        Principal = entry.Principal!,
        Action = entry.Action!,
        Resource = entry.Resource!.Value,
        StartedAt = entry.At,
        Duration = TimeSpan.FromMilliseconds(1.5),
        Decision = entry.Decision!.Value,
        Code = entry.Code,
        Reason = "No policy permits it.",
        Verdicts = entry.Verdicts,
        Sent = "My SSN is <SSN_1>",
    };
}
