using AgentGate.Chat;
using AgentGate.Content;
using AgentGate.Kernel.Decisions;
using AgentGate.Providers;

namespace AgentGate.Server.Gateway.Formats;

/// <summary>One wire format of the model routes: how to read its requests and answers, and how to write rulings back. Translates; checks nothing.</summary>
internal abstract class ModelFormat
{
    public abstract WireFormat Wire { get; }

    /// <summary>What the call asks for.</summary>
    public virtual string Action => GateActions.CallModel;

    /// <summary>The shape of errors.</summary>
    public ErrorShape Errors => Wire.IsAnthropic() ? ErrorShape.Anthropic : ErrorShape.OpenAI;

    /// <summary>Reads a request: roles, unread parts, declared tools, what else it asks for.</summary>
    public abstract void ReadRequest(RequestReading request);

    /// <summary>Gives the parts of a complete answer their roles.</summary>
    public virtual void ReadAnswer(DocumentReading answer)
    {
    }

    /// <summary>The tool calls in a complete answer.</summary>
    public virtual IReadOnlyList<AnswerToolCall> ToolCalls(JsonTree answer, IReadOnlySet<string> declared) => [];

    /// <summary>Writes the rulings on an answer's tool calls into it.</summary>
    public virtual void Rule(JsonTree answer, JsonEdits edits, IReadOnlyList<(AnswerToolCall Call, ToolCallRuling Ruling)> rulings)
    {
    }

    /// <summary>Whether a document only says what went wrong: an error is there, and nothing in which an answer lies.</summary>
    public static bool IsError(JsonTree answer)
    {
        var error = answer.Find(0, "error");
        return (answer.IsObject(error) || answer.IsString(error))
            && answer.Members(0).All(member => !Names.Answering.Contains(answer.Text(member).ToString())
                || (answer.TextSpan(member).SequenceEqual("message") && answer.IsString(member + 1)));
    }

    /// <summary>Whether answers stream.</summary>
    public virtual bool Streams => false;

    /// <summary>What the provider says it consumed.</summary>
    public virtual Usage? ReadUsage(JsonTree answer) => null;

    /// <summary>The provider's id of the answer, where a later request may continue it.</summary>
    public virtual string? ResponseId(JsonTree answer) => null;

    /// <summary>Reads a streamed answer's events.</summary>
    /// <param name="declared">The tools the request declares.</param>
    /// <param name="hidesUsage">Whether an event that only says what was consumed is not the caller's: we asked for it.</param>
    public virtual Streaming.StreamDecoder OpenStream(IReadOnlySet<string> declared, bool hidesUsage = false)
        => throw new NotSupportedException("This format does not stream.");

    /// <summary>The usage object of OpenAI's formats; they differ in two names. Details are parts of their sums.</summary>
    protected static Usage OpenAIUsage(JsonTree tree, int usage, string inputName, string outputName)
    {
        var (input, output) = (Count(tree, usage, inputName), Count(tree, usage, outputName));

        // Some servers that speak like OpenAI leave reasoning out of the answer's tokens; their total has it.
        output = Math.Max(output, Count(tree, usage, "total_tokens") - input);
        var (ofInput, ofOutput) = (tree.Find(usage, inputName + "_details"), tree.Find(usage, outputName + "_details"));
        return new Usage(input, output)
        {
            CachedInputTokens = Count(tree, ofInput, "cached_tokens"),
            CacheWriteTokens = Math.Max(Count(tree, ofInput, "cache_creation_tokens"), Count(tree, ofInput, "cache_write_tokens")),
            ReasoningTokens = Count(tree, ofOutput, "reasoning_tokens"),
        };
    }

    /// <summary>A number member as a count, or 0.</summary>
    protected static long Count(JsonTree tree, int obj, ReadOnlySpan<char> name)
    {
        var node = tree.Find(obj, name);
        return node >= 0 && long.TryParse(tree.Raw(node), out var count) && count is > 0 and <= int.MaxValue ? count : 0;
    }
}
