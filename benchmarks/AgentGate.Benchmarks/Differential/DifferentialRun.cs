using System.Diagnostics;
using System.Text.Json;

namespace AgentGate.Benchmarks.Differential;

/// <summary>Asks both engines the same until enough requests are answered. Each worker has an official engine of its own.</summary>
internal sealed class DifferentialRun(string root, ulong seed, long requests, int failuresMax)
{
    /// <summary>Requests for each set of policies and entities.</summary>
    public const int RequestsPerCase = 16;

    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _lock = new();
    private long _next = -1;
    private long _answered;

    public DifferentialCoverage Coverage { get; } = new();

    /// <summary>What differs, ready to be printed.</summary>
    public List<string> Failures { get; } = [];

    public long Answered => Volatile.Read(ref _answered);

    public long Cases { get; private set; }

    /// <summary>Cases whose policies, schema or entities both engines refused.</summary>
    public long Refused { get; private set; }

    public long Policies { get; private set; }

    public SortedDictionary<string, int> Kinds { get; } = new(StringComparer.Ordinal);

    public void Run(int workers, Action<DifferentialRun>? progress = null)
    {
        var threads = Enumerable.Range(0, workers).Select(_ => new Thread(Work, maxStackSize: 16 * 1024 * 1024) { IsBackground = true }).ToList();
        threads.ForEach(thread => thread.Start());
        var told = Stopwatch.GetTimestamp();
        while (threads.Exists(thread => !thread.Join(TimeSpan.FromMilliseconds(200))))
        {
            if (Stopwatch.GetElapsedTime(told) > TimeSpan.FromSeconds(10))
            {
                told = Stopwatch.GetTimestamp();
                progress?.Invoke(this);
            }
        }
    }

    /// <summary>Runs one case and says what differs, cut down; <see langword="null"/> when nothing does.</summary>
    public string? Only(long number)
    {
        using var official = OfficialEngine.Start(root);
        var ours = new OurEngine(Coverage);
        var asked = DifferentialCase.Make(seed, number, RequestsPerCase);
        var mine = ours.Ask(asked);
        return Difference.Between(asked, mine, official.Ask(asked), ours.RoundTrip) is { } difference ? Report(number, asked, difference, official) : null;
    }

    private void Work()
    {
        var coverage = new DifferentialCoverage();
        try
        {
            using var official = OfficialEngine.Start(root);
            var ours = new OurEngine(coverage);
            var (number, asked) = Next(official);
            while (Answered < requests && Failures.Count < failuresMax)
            {
                // The official engine works on the next case while ours is compared.
                var mine = ours.Ask(asked);
                var roundTrip = ours.RoundTrip;
                var theirs = OfficialEngine.Read(official.Receive());
                var current = (number, asked);
                if (Difference.Between(asked, mine, theirs, roundTrip) is { } difference)
                {
                    var report = Report(current.number, current.asked, difference, official);
                    lock (_lock)
                    {
                        Failures.Add(report);
                        Kinds[difference.Kind] = Kinds.GetValueOrDefault(difference.Kind) + 1;
                    }
                }

                (number, asked) = Next(official);
                Interlocked.Add(ref _answered, theirs.Requests.Count(request => request.Failure is null));
                lock (_lock)
                {
                    Cases++;
                    Policies += asked.Policies.Length;
                    Refused += theirs.Requests.All(request => request.Failure is not null) ? 1 : 0;
                }
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException or JsonException or System.ComponentModel.Win32Exception)
        {
            lock (_lock)
            {
                Failures.Add($"a worker stopped: {exception}");
            }
        }

        lock (_lock)
        {
            Coverage.Add(coverage);
        }
    }

    private (long Number, DifferentialCase Case) Next(OfficialEngine official)
    {
        var number = Interlocked.Increment(ref _next);
        var asked = DifferentialCase.Make(seed, number, RequestsPerCase);
        official.Send(asked.ToMessage(number));
        return (number, asked);
    }

    private string Report(long number, DifferentialCase asked, Difference difference, OfficialEngine official)
    {
        var ours = new OurEngine(new DifferentialCoverage());
        var (smallest, still) = Minimizer.Minimize(asked, difference, Compare);
        return $"""
            DIFFERENCE in {still.Kind} (seed {seed}, case {number}; repeat it with: differential --seed {seed} --only {number})
              {still.Detail}
            policies:
            {smallest.Text}
            links: {string.Join("; ", smallest.Policies.SelectMany(policy => policy.Links))}
            schema: {smallest.Schema ?? "none"}
            entities: {JsonSerializer.Serialize(smallest.Entities, s_indented)}
            request: {JsonSerializer.Serialize(smallest.Requests[0], s_indented)}

            """;

        Difference? Compare(DifferentialCase smaller)
        {
            var mine = ours.Ask(smaller);
            return Difference.Between(smaller, mine, official.Ask(smaller), ours.RoundTrip);
        }
    }
}
