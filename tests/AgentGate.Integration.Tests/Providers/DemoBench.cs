using System.ClientModel;
using System.ClientModel.Primitives;
using AgentGate.Server.Providers.Demo;
using Anthropic;
using Microsoft.Extensions.Time.Testing;
using OpenAI;

namespace AgentGate.Integration.Tests.Providers;

/// <summary>The demo provider with the official SDKs on top of it.</summary>
internal sealed class DemoBench
{
    public DemoBench()
    {
        Handler = new DemoHandler(Record, Time);
        Http = new HttpClient(Handler) { BaseAddress = new Uri("http://demo.invalid") };
        OpenAI = new OpenAIClient(new ApiKeyCredential("sk-secret"), new OpenAIClientOptions
        {
            Endpoint = new Uri("http://demo.invalid/v1"),
            Transport = new HttpClientPipelineTransport(Http),
            RetryPolicy = new ClientRetryPolicy(0),
        });
        Anthropic = new AnthropicClient
        {
            HttpClient = Http,
            BaseUrl = "http://demo.invalid",
            ApiKey = "sk-secret",
            MaxRetries = 0,
            ResponseValidation = true,
        };
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public DemoRecord Record { get; } = new();

    public DemoHandler Handler { get; }

    public HttpClient Http { get; }

    public OpenAIClient OpenAI { get; }

    public AnthropicClient Anthropic { get; }
}
