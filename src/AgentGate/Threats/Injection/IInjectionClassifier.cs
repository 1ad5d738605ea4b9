using AgentGate.Kernel.Decisions;

namespace AgentGate.Threats.Injection;

/// <summary>
/// A further judge of injection, such as a model that an application brings along. Its score joins the built-in score: the
/// higher of the two counts, so a classifier can only make the gate stricter.
/// </summary>
/// <remarks>
/// Register any number as singletons. Implementations are shared by all calls and must be thread-safe. A throw or a hang
/// closes the gate for that call, as with every guard; with <see cref="InjectionOptions.ClassifierFailOpen"/> the built-in score
/// counts alone and the finding says so. A classifier sees raw text, personal data included, before it is masked.
/// </remarks>
public interface IInjectionClassifier
{
    /// <summary>Judges one text.</summary>
    /// <param name="text">The text, whole: a classifier with a bounded input windows it by itself.</param>
    /// <param name="role">What the text is for.</param>
    /// <param name="cancellationToken">Cancelled when the caller goes away or the guard's time for classifiers is spent.</param>
    ValueTask<InjectionJudgement> ClassifyAsync(ReadOnlyMemory<char> text, SegmentRole role, CancellationToken cancellationToken);
}
