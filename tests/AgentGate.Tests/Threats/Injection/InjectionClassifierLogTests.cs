using AgentGate.Kernel.Decisions;
using AgentGate.Threats.Injection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentGate.Tests.Threats.Injection;

public sealed class InjectionClassifierLogTests
{
    [Fact]
    public async Task A_classifier_that_fails_open_is_logged_without_its_message_which_may_quote_the_text()
    {
        var logger = new Lines();
        var classifiers = new InjectionClassifiers([new Quoting()], Options.Create(new InjectionOptions { ClassifierFailOpen = true }), TimeProvider.System, logger);
        using var deadline = classifiers.Begin(default);

        Assert.Null(await classifiers.ScoreAsync("jane@example.com".AsMemory(), SegmentRole.User, deadline, default));

        var line = Assert.Single(logger.Written);
        Assert.Contains(nameof(InvalidDataException), line, StringComparison.Ordinal);
        Assert.DoesNotContain("jane@example.com", line, StringComparison.Ordinal);
    }

    private sealed class Quoting : IInjectionClassifier
    {
        public ValueTask<InjectionJudgement> ClassifyAsync(ReadOnlyMemory<char> text, SegmentRole role, CancellationToken cancellationToken)
            => throw new InvalidDataException($"cannot read: {text}");
    }

    private sealed class Lines : ILogger<InjectionClassifiers>
    {
        public List<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => Written.Add(formatter(state, exception) + exception);
    }
}
