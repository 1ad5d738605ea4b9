using System.Collections.Immutable;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Integration.Tests.Security;

/// <summary>How a guard is made to fail.</summary>
internal enum Failing
{
    None,
    Throws,
    Hangs,
    AnswersNothing,
    Denies,
}

/// <summary>Puts a decorator around every guard of a server, so that a test can break one side of one of them while it runs.</summary>
internal sealed class BrokenGuards
{
    /// <summary>The guard that fails.</summary>
    public string? Name { get; set; }

    public bool OnResponse { get; set; }

    public Failing How { get; set; }

    /// <summary>Only calls of this action fail.</summary>
    public string? Action { get; set; }

    public void Break(string name, bool onResponse, Failing how, string? action = null)
        => (Name, OnResponse, How, Action) = (name, onResponse, how, action);

    public void Install(WebApplicationBuilder builder)
    {
        var guards = builder.Services.Where(service => service.ServiceType == typeof(GuardDescriptor)).ToList();
        foreach (var service in guards)
        {
            builder.Services.Remove(service);
            builder.Services.AddSingleton(provider => Decorate(
                (GuardDescriptor?)service.ImplementationInstance ?? (GuardDescriptor)service.ImplementationFactory!(provider)));
        }
    }

    private GuardDescriptor Decorate(GuardDescriptor guard) => guard with
    {
        Deadline = TimeSpan.FromMilliseconds(300),
        Request = guard.Request is null ? null : new Request(this, guard.Name, guard.Request),
        Response = guard.Response is null ? null : new Response(this, guard.Name, guard.Response),
    };

    private bool IsBroken(string name, bool onResponse, GateCall call)
        => name == Name && onResponse == OnResponse && (Action is null || call.Action == Action) && How != Failing.None;

    private ValueTask<Verdict> FailAsync() => How switch
    {
        Failing.Throws => throw new InvalidOperationException("broken for the test"),
        Failing.Hangs => new ValueTask<Verdict>(new TaskCompletionSource<Verdict>().Task),
        Failing.AnswersNothing => ValueTask.FromResult<Verdict>(null!),
        _ => ValueTask.FromResult<Verdict>(new Verdict.Deny("AG9999", "denied for the test", DenialKind.Forbidden)),
    };

    private ValueTask<StreamVerdict> FailStreamAsync() => How switch
    {
        Failing.Throws => throw new InvalidOperationException("broken for the test"),
        Failing.Hangs => new ValueTask<StreamVerdict>(new TaskCompletionSource<StreamVerdict>().Task),
        Failing.AnswersNothing => ValueTask.FromResult<StreamVerdict>(null!),
        _ => ValueTask.FromResult<StreamVerdict>(new StreamVerdict.Block("AG9999", "denied for the test")),
    };

    private sealed class Request(BrokenGuards broken, string name, IRequestGuard inner) : IRequestGuard
    {
        public ValueTask<Verdict> InspectAsync(GuardContext context, CancellationToken cancellationToken)
            => broken.IsBroken(name, false, context.Call) ? broken.FailAsync() : inner.InspectAsync(context, cancellationToken);
    }

    private sealed class Response(BrokenGuards broken, string name, IResponseGuard inner) : IResponseGuard
    {
        public ValueTask<Verdict> InspectAsync(ResponseContext context, CancellationToken cancellationToken)
            => broken.IsBroken(name, true, context.Call) ? broken.FailAsync() : inner.InspectAsync(context, cancellationToken);

        public IStreamGuard? OpenStream(ResponseContext context)
            => broken.IsBroken(name, true, context.Call) ? new Stream(broken) : inner.OpenStream(context);
    }

    private sealed class Stream(BrokenGuards broken) : IStreamGuard
    {
        public ImmutableArray<Finding> Findings => [];

        public ValueTask<StreamVerdict> InspectAsync(StreamSegment segment, CancellationToken cancellationToken) => broken.FailStreamAsync();
    }
}
