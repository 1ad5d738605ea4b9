using System.Text;
using AgentGate.Content;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AgentGate.Tests.Pipeline;

/// <summary>A gate over guards made by hand. Everything that happens is written to <see cref="Events"/>, in order.</summary>
internal sealed class GateFixture
{
    public List<string> Events { get; } = [];

    public FakeTimeProvider Time { get; } = new();

    public List<GuardDescriptor> Guards { get; } = [];

    public RecordingRecorder Recorder { get; }

    public IRawBinding? Binding { get; set; }

    public INameScreen? Names { get; set; }

    public IGateEvents? Told { get; set; }

    public IGrantKnowledge? Grants { get; set; }

    public ISkipRules? Skips { get; set; }

    public IHeldCalls? Held { get; set; }

    public GateFixture() => Recorder = new RecordingRecorder(Events);

    public Gate Build() => new(
        Guards, Recorder, new GateOptions(), new CountingIds(), Time, new GateMetrics(), NullLogger<Gate>.Instance, Binding, Names, Told, grants: Grants, held: Held) { Skips = Skips };

    public ValueTask<GateResult> RunAsync(IEffect effect, string json = """{"a":"hello"}""", CancellationToken cancellationToken = default)
        => Build().RunAsync(Call(json), effect, cancellationToken);

    public GuardDescriptor Guard(string name, int order, Func<GuardContext, CancellationToken, ValueTask<Verdict>> ask)
    {
        var guard = new GuardDescriptor(name, order)
        {
            Request = new Request((context, token) =>
            {
                Events.Add(name);
                return ask(context, token);
            }),
        };
        Guards.Add(guard);
        return guard;
    }

    public void Guard(string name, int order, Verdict verdict) => Guard(name, order, (_, _) => ValueTask.FromResult(verdict));

    public void Change(int index, Func<GuardDescriptor, GuardDescriptor> change) => Guards[index] = change(Guards[index]);

    public static GateCall Call(string json) => new()
    {
        Id = "call-1",
        Door = "test",
        Principal = new Principal { Id = "agent", Tenant = "t1" },
        Action = GateActions.CallModel,
        Resource = EntityRef.Model("m"),
        Context = new CallContext { At = DateTimeOffset.UnixEpoch },
        Content = Json(json),
        Targets = [new EffectTarget("p", "m")],
    };

    public static JsonContent Json(string json)
    {
        var tree = JsonTreeParser.Parse(Encoding.UTF8.GetBytes(json), JsonLimits.Default, out var fault);
        Assert.Null(fault);
        return JsonContentReader.Read(new DocumentReading(tree!), JsonLimits.Default);
    }

    public static Verdict Replace(string text, int index = 1) => new Verdict.Transform([new ContentChange.ReplaceText(index, text)]);

    public static string Utf8(CallContent content) => Encoding.UTF8.GetString(content.ToUtf8().Span);

    private sealed class Request(Func<GuardContext, CancellationToken, ValueTask<Verdict>> ask) : IRequestGuard
    {
        public ValueTask<Verdict> InspectAsync(GuardContext context, CancellationToken cancellationToken) => ask(context, cancellationToken);
    }

    private sealed class CountingIds : IIdSource
    {
        private int _count;

        public string NewId() => $"id-{++_count}";

        public void Fill(Span<byte> destination) => destination.Fill((byte)++_count);
    }
}

/// <summary>Keeps what is appended; can be told to throw or to hang.</summary>
internal sealed class RecordingRecorder(List<string> events) : IDecisionRecorder
{
    public List<(LogEntryBody Entry, CallTrace? Trace)> Entries { get; } = [];

    public Func<LogEntryBody, Task>? Before { get; set; }

    public IEnumerable<string> Kinds => Entries.Select(e => e.Entry.Kind == EntryKind.Outcome ? $"Outcome {e.Entry.Outcome}" : e.Entry.Kind.ToString());

    public List<DecisionRecord> Records { get; } = [];

    public async ValueTask<CertificateSeal?> AppendAsync(DecisionRecord record, CancellationToken cancellationToken)
    {
        var entry = record.Entry;
        if (Before is { } before)
        {
            await before(entry);
        }

        events.Add(entry.Kind.ToString());
        Records.Add(record);
        Entries.Add((entry, record.Trace));
        return null;
    }
}

/// <summary>An effect that does as told; <see cref="Ran"/> says whether it ran at all.</summary>
internal sealed class TestEffect(List<string> events, Func<Permit, CancellationToken, ValueTask<EffectResult>>? run = null) : IEffect
{
    public bool Ran { get; private set; }

    public string? Sent { get; private set; }

    public ValueTask<EffectResult> RunAsync(Permit permit, CancellationToken cancellationToken)
    {
        Ran = true;
        events.Add("effect");
        return run is null ? Proper(permit) : run(permit, cancellationToken);
    }

    public ValueTask<EffectResult> Proper(Permit permit, EffectResult? result = null)
    {
        var content = permit.Use();
        permit.RecordTransport(content.ToUtf8().Span);
        Sent = GateFixture.Utf8(content);
        return ValueTask.FromResult(result ?? new EffectResult.Complete(GateFixture.Json("""{"answer":"yes"}""")));
    }
}
