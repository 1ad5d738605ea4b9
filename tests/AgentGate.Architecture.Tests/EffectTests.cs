using System.Reflection;
using System.Text.RegularExpressions;
using AgentGate.Architecture.Tests.Source;
using AgentGate.Pipeline;

namespace AgentGate.Architecture.Tests;

public partial class EffectTests
{
    [Fact]
    public void Only_the_gate_catches_every_exception()
        => Violations.None(
            Matches(CatchesAll(), ["src/AgentGate", "src/AgentGate.Kernel"], path => !IsGate(path) && !EffectTable.CatchesEverything.Allows(path)),
            "catch the exception you can name. A guard lets it go: the gate closes. Where catching all is right (a loop that hands the "
            + "failure to its waiters), list the file with its reason in EffectTable.CatchesEverything.");

    [Fact]
    public void Only_the_gate_constructs_a_permit()
        => Violations.None(
            Matches(NewPermit(), ["src"], path => !IsGate(path)),
            "an effect gets its permit from the gate; call Gate.RunAsync.");

    [Fact]
    public void A_permit_is_sealed_and_cannot_be_made_outside_the_assembly()
    {
        Assert.True(typeof(Permit).IsSealed, "Permit must be sealed: an heir could be a forged permit.");
        Assert.All(
            typeof(Permit).GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic),
            constructor => Assert.True(constructor.IsAssembly || constructor.IsPrivate, "a constructor of Permit must be internal or private."));
    }

    [Fact]
    public void Only_listed_places_open_connections()
        => Violations.None(
            Matches(Connection(), ["src"], path => !EffectTable.OpensConnections.Allows(path)),
            "bytes leave the process in an effect, with a permit. If this is a new kind of effect, list it in EffectTable.OpensConnections and write an ADR.");

    [Fact]
    public void Nothing_starts_a_process()
        => Violations.None(
            Matches(StartsProcess(), ["src"], _ => true),
            "the product starts no processes.");

    [Fact]
    public void Banned_symbols_are_wired_into_every_source_project()
    {
        var props = Repository.Read("Directory.Build.props");
        Assert.Contains("Microsoft.CodeAnalysis.BannedApiAnalyzers", props, StringComparison.Ordinal);
        Assert.Contains("eng/BannedSymbols.txt", props, StringComparison.Ordinal);
        Assert.Contains("<TreatWarningsAsErrors>true", props, StringComparison.Ordinal);

        var banned = Repository.Read("eng/BannedSymbols.txt");
        Violations.None(
            new[] { "System.DateTime.UtcNow", "System.DateTime.Now", "System.DateTimeOffset.UtcNow", "System.Guid.NewGuid", "System.Random", "System.Console" }
                .Where(symbol => !banned.Contains(symbol, StringComparison.Ordinal)),
            "put it back into eng/BannedSymbols.txt: time comes from TimeProvider, ids from IIdSource, words go to the log.");
    }

    [Fact]
    public void A_banned_symbol_is_used_only_where_listed()
        => Violations.None(
            (from path in Repository.CSharp("src")
             where !EffectTable.UsesBannedSymbols.Allows(path)
             let text = CSharpText.Of(path)
             from Match match in Unbans().Matches(text.WithStrings)
             select $"{text.At(match.Index)}: {match.Value}")
                .Concat(from path in Repository.Projects("src").Append("Directory.Build.props")
                        where Repository.Read(path).Contains("RS0030", StringComparison.Ordinal)
                        select path),
            "use TimeProvider or IIdSource; a place that must not is listed in EffectTable.UsesBannedSymbols with its reason.");

    [Fact]
    public void Every_listed_exception_still_exists()
        => Violations.None(
            from path in EffectTable.CatchesEverything.Keys.Concat(EffectTable.UsesBannedSymbols.Keys)
            where Directory.Exists(Path.Combine(Repository.Root, Path.GetDirectoryName(path)!)) && !Repository.Has(path)
            select path,
            "take the line out of EffectTable.cs; nothing needs it any more.");

    private static bool IsGate(string path) => GatePath().IsMatch(path);

    private static IEnumerable<string> Matches(Regex pattern, string[] folders, Func<string, bool> applies)
        => from path in Repository.CSharp(folders)
           where applies(path)
           let text = CSharpText.Of(path)
           from Match match in pattern.Matches(text.Code)
           select $"{text.At(match.Index)}: {match.Value.Trim()}";

    [GeneratedRegex(@"^src/AgentGate/Pipeline/Gate(\.\w+|[A-Z]\w*)?\.cs$")]
    private static partial Regex GatePath();

    // A filter that lists what it catches (`when (e is JsonException or FormatException)`) names its exceptions.
    [GeneratedRegex(@"\bcatch\s*(?:\{|when\b|\(\s*(?:System\s*\.\s*)?Exception\b(?!\s+(\w+)\s*\)\s*when\s*\(\s*\1\s+is\s+(?!not\b|Exception\b)))")]
    private static partial Regex CatchesAll();

    [GeneratedRegex(@"\bnew\s+(?:[\w.]+\.)?Permit\s*\(|\bPermit\??\s+\w+\s*=\s*new\s*\(|\bnew\s*\(\s*\)\s*as\s+Permit\b")]
    private static partial Regex NewPermit();

    [GeneratedRegex(@"\b(?:HttpClient|HttpMessageInvoker|HttpMessageHandler|SocketsHttpHandler|HttpClientHandler|DelegatingHandler|IHttpClientFactory|AddHttpClient|ClientWebSocket|TcpClient|UdpClient|Socket|WebRequest|SmtpClient)\b")]
    private static partial Regex Connection();

    [GeneratedRegex(@"\bProcess\s*\.\s*Start\b|\bProcessStartInfo\b")]
    private static partial Regex StartsProcess();

    [GeneratedRegex(@"#pragma\s+warning\s+disable\s+[^\n]*RS0030|SuppressMessage\([^)]*RS0030")]
    private static partial Regex Unbans();
}
