using System.Collections.Immutable;
using AgentGate.Kernel.Decisions;
using AgentGate.Pii;
using AgentGate.Pii.Detection;
using AgentGate.Pii.Vault;
using AgentGate.Pipeline;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AgentGate.Tests.Pii;

/// <summary>A Pii guard with its parts, calls to send through it, and a scanner that knows two shapes.</summary>
internal sealed class PiiFixture
{
    private int _calls;

    public PiiFixture(IPiiVault? vault = null, PiiVaultOptions? options = null, IToolCatalog? tools = null, IPiiScanner? scanner = null)
    {
        var configured = Options.Create(options ?? new PiiVaultOptions());
        Vault = vault ?? new InMemoryPiiVault(configured, Time, Ids);
        Guard = new PiiGuard(new PiiSearch(scanner ?? new ShapeScanner()), new PiiSessions(Vault, Ids), configured, tools);
        Links = new PiiResponseLinks(Vault);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public IIdSource Ids { get; } = new SystemIdSource(TimeProvider.System);

    public IPiiVault Vault { get; }

    public PiiGuard Guard { get; }

    public PiiResponseLinks Links { get; }

    /// <summary>A call of a key.</summary>
    public GateCall Call(
        CallContent content, string key = "k1", string? session = null, string? previous = null, string action = GateActions.CallModel,
        string tenant = "t1", string tool = "m", CallScope? parent = null)
        => new()
        {
            Id = $"call-{Interlocked.Increment(ref _calls)}",
            Door = "openai.chat",
            Principal = new Principal { Id = "agent_1", Tenant = tenant, KeyId = key },
            Action = action,
            Resource = action == GateActions.CallTool ? EntityRef.Tool(tool) : EntityRef.Model(tool),
            Context = new CallContext { At = Time.GetUtcNow(), SessionName = session, PreviousResponseId = previous },
            Content = content,
            Targets = [],
            ParentScope = parent,
        };

    /// <summary>Sends a call through the request side; gives the call as it would leave and its scope.</summary>
    public async Task<(GateCall Call, CallScope Scope, Verdict Verdict)> SendAsync(GateCall call, CallScope? scope = null)
    {
        scope ??= new CallScope(call.ParentScope);
        var verdict = await Guard.InspectAsync(new GuardContext(call, scope), TestContext.Current.CancellationToken);
        return verdict is Verdict.Transform(var changes)
            ? (call with { Content = call.Content.Apply(changes) }, scope, verdict)
            : (call, scope, verdict);
    }

    /// <summary>Sends a text of a user; gives what would leave.</summary>
    public async Task<(string Sent, GateCall Call, CallScope Scope)> SendAsync(
        string text, string key = "k1", string? session = null, string? previous = null, string tenant = "t1")
    {
        var (call, scope, _) = await SendAsync(Call(Texts.User(text), key, session, previous, tenant: tenant));
        return (((Texts)call.Content).All, call, scope);
    }

    /// <summary>Lets an answer come back; gives what the caller would get.</summary>
    public async Task<string> AnswerAsync(GateCall call, CallScope scope, string text)
    {
        CallContent answer = Texts.Of((SegmentKind.Text, SegmentRole.Assistant, text));
        var verdict = await Guard.InspectAsync(new ResponseContext(call, scope, answer), TestContext.Current.CancellationToken);
        return ((Texts)(verdict is Verdict.Transform(var changes) ? answer.Apply(changes) : answer)).All;
    }

    /// <summary>Finds nine digits as <c>123-45-6789</c> (SSN), 16 digits (CREDIT_CARD) and words with <c>@</c> (EMAIL).</summary>
    internal sealed class ShapeScanner : IPiiScanner
    {
        public void Scan(ReadOnlySpan<char> text, List<PiiMatch> matches)
        {
            for (var at = 0; at < text.Length; at++)
            {
                var end = at;
                while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '-' or '@'))
                {
                    end++;
                }

                var word = text[at..end];
                var type = word.Length == 11 && word[3] == '-' && word[6] == '-' ? "SSN"
                    : word.Length == 16 && !word.ContainsAnyExceptInRange('0', '9') ? "CREDIT_CARD"
                    : word.Contains('@') && word.Length > 2 ? "EMAIL" : null;
                if (type is not null)
                {
                    matches.Add(new PiiMatch(at, word.Length, type, 1));
                }

                at = end;
            }
        }
    }
}
