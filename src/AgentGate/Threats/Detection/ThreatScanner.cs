using AgentGate.Threats.Html;
using AgentGate.Threats.Normalization;
using AgentGate.Threats.Shell;
using AgentGate.Threats.Sql;

namespace AgentGate.Threats.Detection;

/// <summary>
/// Reads a text in every reading and asks every family about each: as it stands, with look-alikes replaced, with up to three
/// layers of encoding taken off, and the strings in it when it is JSON. Linear, whatever the text. Thread-safe.
/// </summary>
internal sealed class ThreatScanner
{
    /// <summary>How many layers of encoding and of nested JSON are taken off, in any order.</summary>
    public const int MaxLayers = 3;

    private readonly IThreatAnalyzer[] _analyzers;

    /// <summary>A scanner for every family.</summary>
    public ThreatScanner()
        : this([
            new SqlAnalyzer(), new ShellAnalyzer(), new HtmlAnalyzer(), new PathAnalyzer(), new LdapAnalyzer(),
            new SsrfAnalyzer(), new HeaderAnalyzer(), new NoSqlAnalyzer(), new TemplateAnalyzer(), new XxeAnalyzer(),
        ])
    {
    }

    /// <summary>A scanner with analysers of one's own.</summary>
    internal ThreatScanner(params IThreatAnalyzer[] analyzers) => _analyzers = analyzers;

    /// <summary>Scans a text.</summary>
    /// <param name="text">The text as it stands.</param>
    /// <param name="context">Where it stands.</param>
    /// <param name="kind">What a tool declares it to be.</param>
    /// <param name="hits">Gets what was found, with places of <paramref name="text"/>.</param>
    /// <param name="isBase64">Whether the tool declares it to be base64.</param>
    public void Scan(ReadOnlySpan<char> text, ThreatContext context, ArgumentKind kind, ThreatHits hits, bool isBase64 = false)
    {
        if (text.IsEmpty)
        {
            return;
        }

        if (context == ThreatContext.Chat)
        {
            ReadChat(text, hits);
            return;
        }

        var reading = new TextReading(text);
        if (isBase64)
        {
            ReadBase64(reading, context, kind, hits, MaxLayers);
        }

        Read(reading, context, kind, hits, MaxLayers);
    }

    private void ReadChat(ReadOnlySpan<char> text, ThreatHits hits)
    {
        var reading = new TextReading(text);
        if (ChatParts.MayHaveCode(text))
        {
            foreach (var part in new ChatParts(text))
            {
                var context = part.IsCode ? ThreatContext.Code : ThreatContext.Chat;
                Read(reading.Slice(part.Start, part.Length, TextLayers.None), context, ArgumentKind.Text, hits, MaxLayers);
            }
        }
        else
        {
            Read(reading, ThreatContext.Chat, ArgumentKind.Text, hits, MaxLayers);
        }

        if (hits.Found.Count > 0 && text.Contains('`'))
        {
            hits.Lower(text);
        }
    }

    /// <summary>Judges a reading, and those that come of it. Each layer is at most as long as the one before it.</summary>
    private void Read(in TextReading reading, ThreatContext context, ArgumentKind kind, ThreatHits hits, int layers)
    {
        Judge(reading, context, kind, hits);
        if (LookAlikes.IsNeeded(reading.Text))
        {
            var buffer = new ReadingBuffer(reading.Text.Length + reading.Text.Count('\u2025'));
            try
            {
                if (LookAlikes.Fold(reading, ref buffer))
                {
                    var folded = buffer.ToReading(reading.ToSource(reading.Text.Length), reading.Layers | TextLayers.Folded, reading.IsDecoded);
                    Judge(folded, context, kind, hits);
                    ReadLayers(folded, context, kind, hits, layers);
                    return;
                }
            }
            finally
            {
                buffer.Dispose();
            }
        }

        ReadLayers(reading, context, kind, hits, layers);
    }

    private void ReadLayers(in TextReading reading, ThreatContext context, ArgumentKind kind, ThreatHits hits, int layers)
    {
        if (layers == 0)
        {
            return;
        }

        if (JsonLeaves.IsJson(reading.Text))
        {
            ReadJson(reading, context, hits, layers - 1);
        }

        if (Decoding.MayBeNeeded(reading.Text))
        {
            ReadDecoded(reading, context, kind, hits, layers - 1);
        }

        var from = 0;
        while (Base64Layer.TryNext(reading.Text, ref from, out var start, out var length))
        {
            ReadBase64(reading.Slice(start, length, TextLayers.None), context, kind, hits, layers - 1);
        }
    }

    private void ReadDecoded(in TextReading reading, ThreatContext context, ArgumentKind kind, ThreatHits hits, int layers)
    {
        var buffer = new ReadingBuffer(reading.Text.Length);
        try
        {
            var (taken, isHiding) = Decoding.Decode(reading, ref buffer);
            if (taken != TextLayers.None)
            {
                var end = reading.ToSource(reading.Text.Length);
                Read(buffer.ToReading(end, reading.Layers | taken, reading.IsDecoded || isHiding), context, kind, hits, layers);
            }
        }
        finally
        {
            buffer.Dispose();
        }
    }

    /// <summary>The strings of a JSON text; what is declared of the text as a whole is not declared of them.</summary>
    private void ReadJson(in TextReading reading, ThreatContext context, ThreatHits hits, int layers)
    {
        var from = 0;
        while (JsonLeaves.TryNext(reading.Text, ref from, out var start, out var length, out var isEscaped))
        {
            var leaf = reading.Slice(start, length, TextLayers.Nested);
            if (!isEscaped)
            {
                Read(leaf, context, ArgumentKind.Text, hits, layers);
                continue;
            }

            var buffer = new ReadingBuffer(length);
            try
            {
                JsonLeaves.Unescape(leaf, ref buffer);
                Read(buffer.ToReading(leaf.ToSource(length), leaf.Layers, leaf.IsDecoded), context, ArgumentKind.Text, hits, layers);
            }
            finally
            {
                buffer.Dispose();
            }
        }
    }

    private void ReadBase64(in TextReading reading, ThreatContext context, ArgumentKind kind, ThreatHits hits, int layers)
    {
        var buffer = new ReadingBuffer(reading.Text.Length);
        try
        {
            if (Base64Layer.Decode(reading, ref buffer))
            {
                var end = reading.ToSource(reading.Text.Length);
                Read(buffer.ToReading(end, reading.Layers | TextLayers.Base64, isDecoded: true), context, kind, hits, layers);
            }
        }
        finally
        {
            buffer.Dispose();
        }
    }

    private void Judge(in TextReading reading, ThreatContext context, ArgumentKind kind, ThreatHits hits)
    {
        var raw = hits.Raw;
        foreach (var analyzer in _analyzers)
        {
            if (!analyzer.MayMatch(reading.Text))
            {
                continue;
            }

            var own = context == ThreatContext.Code && !ThreatThresholds.NeedsInterpreter(analyzer.Family) ? ThreatContext.Chat : context;
            raw.Clear();
            analyzer.Analyze(new ThreatText(reading.Text, own, kind, reading.IsDecoded), raw);
            foreach (var hit in raw.Found)
            {
                var start = reading.ToSource(hit.Start);
                hits.AddOnce(hit with
                {
                    Start = start,
                    Length = reading.ToSource(hit.Start + hit.Length) - start,
                    Context = own,
                    Layers = reading.Layers,
                });
            }
        }
    }
}
