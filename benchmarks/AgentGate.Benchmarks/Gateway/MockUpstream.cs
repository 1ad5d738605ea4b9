using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace AgentGate.Benchmarks.Gateway;

/// <summary>The role <c>mock</c>: a provider that reads the request and answers the same kilobyte at once.</summary>
internal static class MockUpstream
{
    public static async Task RunAsync(int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Loopback.Listen(kestrel, port));
        await using var app = builder.Build();
        app.Run(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = ChatTexts.Answer.Length;
            await context.Response.Body.WriteAsync(ChatTexts.Answer, context.RequestAborted);
        });
        await Loopback.RunWithInputAsync(app);
    }
}
