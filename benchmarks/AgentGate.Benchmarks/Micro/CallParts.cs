using System.Buffers;
using AgentGate.Benchmarks.Gateway;
using AgentGate.Content;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using AgentGate.Pii;
using AgentGate.Pii.Detection;
using AgentGate.Pipeline;
using AgentGate.Server.Gateway.Formats;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Benchmarks.Micro;

/// <summary>The parts of one model call of 1 KB, without network and disk.</summary>
[MemoryDiagnoser]
public class CallParts
{
    private static readonly EffectTarget Target = new("mock", ChatTexts.Model);
    private readonly PiiScanner _scanner = new(new PiiOptions());
    private readonly List<PiiMatch> _matches = [];
    private readonly ArrayBufferWriter<byte> _output = new(4096);
    private readonly LogKey _key = new("bench", new byte[LogKey.MinLength]);
    private readonly byte[] _request = ChatTexts.Request;
    private readonly ChatFormat _format = new();
    private readonly Gate _gate;
    private readonly Gate _bare;
    private readonly JsonContent _content;
    private readonly JsonContent _answer;
    private readonly LogEntryBody _entry;
    private readonly AnswerEffect _effect;
    private DecisionRecord? _certified;
    private LogEntryBody? _recorded;

    public CallParts()
    {
        (_gate, _bare) = (Build(certificates: true), Build(certificates: false));
        _content = Segments();
        var reading = new DocumentReading(JsonTreeParser.Parse(ChatTexts.Answer, JsonLimits.Default, out _)!);
        _format.ReadAnswer(reading);
        _answer = JsonContentReader.ReadAnswer(reading, JsonLimits.Default);
        _effect = new AnswerEffect(_answer);
        Gate();
        _entry = _recorded!;
    }

    /// <summary>How many bytes a certificate's body has, and how many α beside it.</summary>
    internal (int Body, int Alpha) Sizes => (_certified!.Certificate!.Body.Length, _certified.Evidence!.Alpha.Length);

    private Gate Build(bool certificates)
    {
        var services = new ServiceCollection();
        services.AddAgentGate();
        services.Configure<GateOptions>(options => options.Certificates = certificates);
        services.Configure<AgentGate.Budgets.BudgetOptions>(options => options.Prices["*"] = new() { Input = 0.15m, Output = 0.6m });
        services.Configure<AgentGate.Policies.PolicyOptions>(options => options.UseShippedDefault = true);
        services.AddSingleton<IDecisionRecorder>(new Recorder(this));
        return services.BuildServiceProvider().GetRequiredService<Gate>();
    }

    [Benchmark]
    public object Parse() => JsonTreeParser.Parse(_request, JsonLimits.Default, out _)!;

    [Benchmark]
    public object ParseAndSegment() => Segments();

    [Benchmark]
    public int Scan()
    {
        var found = 0;
        foreach (ref readonly var segment in _content.Segments)
        {
            _matches.Clear();
            _scanner.Scan(segment.Text.Span, _matches);
            found += _matches.Count;
        }

        return found;
    }

    [Benchmark]
    public object Gate() => Run(_gate);

    [Benchmark]
    public object GateWithoutCertificate() => Run(_bare);

    private GateResult Run(Gate gate)
    {
        var call = new GateCall
        {
            Id = "0197b2c4-d5e6-7f08-192a-3b4c5d6e7f80",
            Door = "openai.chat",
            Principal = new Principal { Tenant = "default", Id = "agent_bench", Scopes = ["doors"] },
            Action = GateActions.CallModel,
            Resource = EntityRef.Model(ChatTexts.Model),
            Content = _content,
            Targets = [Target],
            Context = new CallContext { At = DateTimeOffset.UnixEpoch },
        };
        var result = gate.RunAsync(call, _effect, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        return result is GateResult.Completed ? result : throw new InvalidOperationException(result.ToString());
    }

    /// <summary>What each request guard takes of a call, the median of many.</summary>
    internal IEnumerable<(string Guard, double Micros)> GuardTimes(int times)
    {
        var taken = Enumerable.Range(0, times).Select(_ => ((GateResult)Gate()).Decision.Verdicts).ToList();
        return taken[0].Select((verdict, at) => (verdict.Guard, taken.Select(call => call[at].Elapsed.TotalMicroseconds).Order().ElementAt(times / 2)));
    }

    [Benchmark]
    public object Entry()
    {
        _output.ResetWrittenCount();
        return LogChain.Append(_output, _entry, ChainHead.Genesis, _key);
    }

    private JsonContent Segments()
    {
        var reading = new RequestReading(JsonTreeParser.Parse(ChatTexts.Request, JsonLimits.Default, out _)!);
        _format.ReadRequest(reading);
        return JsonContentReader.Read(reading.Document, JsonLimits.Default);
    }

    private sealed class AnswerEffect(JsonContent answer) : IEffect
    {
        public ValueTask<EffectResult> RunAsync(Permit permit, CancellationToken cancellationToken)
        {
            permit.RecordTransport(permit.Use().ToUtf8().Span);
            return new(new EffectResult.Complete(answer) { Usage = new Usage(219, 110) });
        }
    }

    private sealed class Recorder(CallParts parts) : IDecisionRecorder
    {
        public ValueTask<CertificateSeal?> AppendAsync(DecisionRecord record, CancellationToken cancellationToken)
        {
            parts._recorded = record.Entry;
            parts._certified = record.Certificate is null ? parts._certified : record;
            return default;
        }
    }
}
