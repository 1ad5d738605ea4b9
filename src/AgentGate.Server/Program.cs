using AgentGate.Keys;
using AgentGate.Server.Hosting;
using Microsoft.Extensions.Options;

try
{
    await using var app = ServerHost.Build(args);
    if (args is ["keys", ..])
    {
        await ServerHost.PrepareCommandAsync(app, CancellationToken.None);
        return await KeyCommands.RunAsync(args, app.Services.GetRequiredService<ApiKeyService>(), TimeProvider.System);
    }

    if (args is ["log", ..])
    {
        await ServerHost.PrepareCommandAsync(app, CancellationToken.None);
        return await LogCommands.RunAsync(args, app.Services, app.Configuration);
    }

    var demoKey = await ServerHost.PrepareAsync(app, CancellationToken.None);
    await app.StartAsync();
    Welcome.Say(app, demoKey);
    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception refused) when (refused is InvalidOperationException or OptionsValidationException or IOException)
{
    // A key inside of a list is named by the inner message alone.
    ServerConsole.Complain($"AgentGate does not start.\n{refused.Message}\n{refused.InnerException?.Message}");
    return 1;
}
