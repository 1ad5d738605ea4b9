using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Server.Access;
using AgentGate.Server.Identity;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Setup;

/// <summary>Making the first user, once. There is no way to open the setup again.</summary>
internal static class SetupEndpoints
{
    public static IServiceCollection AddSetup(this IServiceCollection services)
    {
        services.AddSingleton<SetupCode>();
        services.AddSingleton<FirstUser>();
        return services;
    }

    public static IEndpointRouteBuilder MapSetup(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/setup").WithTags("Setup");
        group.MapGet("/status", StatusAsync).Produces<SetupStatus>()
            .WithSummary("Read whether the first user has to be made.")
            .WithDescription("How many users there are is told to nobody; while there is none, that is told.");
        group.MapPost("/complete", CompleteAsync).Reads<SetupRequest>().Produces<SetupResult>().Refuses(400, 403, 409, 413, 415, 429)
            .WithSummary("Make the first user, an admin.")
            .WithDescription(
                "Open while there is no user; of any number of callers at once one succeeds, the others get 409. Origin or Referer must be this server's or an allowed one. "
                + "The setup code is needed, which the server prints and writes to setup.code in its state directory; in the development environment not by who asks on the server's own machine.");
        return routes;
    }

    private static async Task<IResult> StatusAsync(HttpContext context, IUserDirectory users, IHostEnvironment environment)
    {
        var open = await users.CountAsync(context.RequestAborted) == 0;
        return TypedResults.Ok(new SetupStatus
        {
            SetupRequired = open,
            UserCount = open ? 0 : null,
            CodeRequired = open && !SetupOrigin.NeedsNoCode(context, environment),
            Message = open ? "There is no user yet. Make the first one." : "The setup is done. Sign in.",
        });
    }

    private static async Task<IResult> CompleteAsync(
        HttpContext context, FirstUser first, SetupCode code, IUserDirectory users, FailedActs failed, IOptions<SignInOptions> options, IHostEnvironment environment)
    {
        if (await users.CountAsync(context.RequestAborted) > 0)
        {
            return await RefuseAsync(context, failed, Codes.SetupClosed, "There is a user: the setup is over. Sign in, or ask an admin for an invitation.");
        }

        if (!SetupOrigin.IsAllowed(context.Request, options.Value))
        {
            return await RefuseAsync(
                context, failed, Codes.SetupFromElsewhere, "The setup is run by a page of this server: Origin or Referer has to be its address, or one in AgentGate:SignIn:AllowedOrigins.");
        }

        var reading = await StrictBody.ReadAsync<SetupRequest>(context);
        if (reading.Body is not { } body)
        {
            return AccountProblem.Of(reading);
        }

        return SetupOrigin.NeedsNoCode(context, environment) || await code.FitsAsync(body.SetupCode, context.RequestAborted)
            ? await first.CreateAsync(context, body)
            : await RefuseAsync(
                context, failed, Codes.SetupCodeNeeded, $"`setup_code` is the code that the server printed when it started; it is also in {SetupCode.FileName} in its state directory.", "setup_code");
    }

    private static async Task<IResult> RefuseAsync(HttpContext context, FailedActs failed, string code, string detail, string? field = null)
    {
        await failed.AddAsync(context, IdentityActs.SystemTenant, string.Empty, "setup.complete", code);
        return AccountProblem.Of(code, detail, field);
    }
}
