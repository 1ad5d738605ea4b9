using System.Collections.Immutable;

namespace AgentGate.Server.Providers.Demo;

/// <summary>What was said in the conversations that <c>previous_response_id</c> continues.</summary>
/// <remarks>Thread-safe. Keeps the last 1,000 answers, and the last 50 texts of each conversation.</remarks>
internal sealed class DemoMemory
{
    private const int AnswersMax = 1_000;
    private const int TextsMax = 50;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ImmutableArray<string>> _texts = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    public void Remember(string responseId, ImmutableArray<string> userTexts)
    {
        lock (_lock)
        {
            _texts[responseId] = [.. userTexts.TakeLast(TextsMax)];
            _order.Enqueue(responseId);
            if (_order.Count > AnswersMax)
            {
                _texts.Remove(_order.Dequeue());
            }
        }
    }

    public ImmutableArray<string>? Recall(string responseId)
    {
        lock (_lock)
        {
            return _texts.TryGetValue(responseId, out var texts) ? texts : null;
        }
    }
}
