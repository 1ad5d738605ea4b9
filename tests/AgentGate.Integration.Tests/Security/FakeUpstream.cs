using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentGate.Integration.Tests.Security;

/// <summary>A provider on loopback that answers what a test says, for the model <c>m</c> of OpenAI's routes and <c>a</c> of Anthropic's.</summary>
internal sealed class FakeUpstream : IAsyncDisposable
{
    private readonly WebApplication _server;

    private FakeUpstream(WebApplication server) => _server = server;

    public RequestDelegate Answer { get; set; } = _ => Task.CompletedTask;

    public Dictionary<string, string?> Settings => new()
    {
        ["AgentGate:Providers:fake:Kind"] = "openai",
        ["AgentGate:Providers:fake:BaseUrl"] = _server.Urls.First() + "/v1",
        ["AgentGate:Providers:fake:ApiKey"] = "x",
        ["AgentGate:Providers:fake:Models:0"] = "m",
        ["AgentGate:Providers:fakea:Kind"] = "anthropic",
        ["AgentGate:Providers:fakea:BaseUrl"] = _server.Urls.First(),
        ["AgentGate:Providers:fakea:ApiKey"] = "x",
        ["AgentGate:Providers:fakea:Models:0"] = "a",
    };

    public static async Task<FakeUpstream> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        var fake = new FakeUpstream(server);
        server.Run(context => fake.Answer(context));
        await server.StartAsync();
        return fake;
    }

    public void Says(int status, string body, string mediaType = "application/json") => Answer = context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = mediaType;
        return context.Response.WriteAsync(body);
    };

    public static string ModelOf(string route) => Doors.IsAnthropic(route) ? "a" : "m";

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
