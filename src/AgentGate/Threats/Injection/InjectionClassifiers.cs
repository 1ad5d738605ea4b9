using AgentGate.Kernel.Decisions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentGate.Threats.Injection;

/// <summary>The classifiers an application registered, asked under one time limit a call.</summary>
internal sealed partial class InjectionClassifiers(
    IEnumerable<IInjectionClassifier> classifiers, IOptions<InjectionOptions> options, TimeProvider time, ILogger<InjectionClassifiers> logger)
{
    private readonly IInjectionClassifier[] _classifiers = [.. classifiers];

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => _classifiers.Length == 0;

    /// <summary>Starts the time of one call.</summary>
    public Deadline Begin(CancellationToken cancellationToken) => new(options.Value.ClassifierTimeout, time, cancellationToken);

    /// <summary>The highest score of a text, or nothing when a classifier failed and may fail open.</summary>
    /// <exception cref="TimeoutException">A classifier was late and must not fail open.</exception>
    public async ValueTask<double?> ScoreAsync(ReadOnlyMemory<char> text, SegmentRole role, Deadline deadline, CancellationToken cancellationToken)
    {
        var highest = 0.0;
        var failed = false;
        foreach (var classifier in _classifiers)
        {
            try
            {
                highest = Math.Max(highest, await AskAsync(classifier, text, role, deadline));
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && !options.Value.ClassifierFailOpen)
            {
                throw new TimeoutException("An injection classifier passed AgentGate:Injection:ClassifierTimeout.");
            }
            catch (Exception failure) when (options.Value.ClassifierFailOpen && !cancellationToken.IsCancellationRequested)
            {
                // Asked for by configuration, logged without its message, which may quote the text, and on record as a finding.
                Log.FailedOpen(logger, classifier.GetType().Name, failure.GetType().FullName, failure.StackTrace);
                failed = true;
            }
        }

        return failed && highest == 0 ? null : highest;
    }

    private static async ValueTask<double> AskAsync(IInjectionClassifier classifier, ReadOnlyMemory<char> text, SegmentRole role, Deadline deadline)
    {
        var judgement = await classifier.ClassifyAsync(text, role, deadline.Token).AsTask().WaitAsync(deadline.Token);
        return judgement.Score is >= 0 and <= 1
            ? judgement.Score
            : throw new InvalidOperationException($"{classifier.GetType().Name} answered a score that is not between 0 and 1.");
    }

    /// <summary>The time that is left to the classifiers of one call.</summary>
    internal sealed class Deadline : IDisposable
    {
        private readonly CancellationTokenSource _timer;
        private readonly CancellationTokenSource _linked;

        public Deadline(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
        {
            _timer = new CancellationTokenSource(limit, time);
            _linked = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, cancellationToken);
        }

        public CancellationToken Token => _linked.Token;

        public void Dispose()
        {
            _linked.Dispose();
            _timer.Dispose();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The injection classifier {Classifier} failed ({Failure}) and is set to fail open; the built-in score counts alone. {Stack}")]
        public static partial void FailedOpen(ILogger logger, string classifier, string? failure, string? stack);
    }
}
