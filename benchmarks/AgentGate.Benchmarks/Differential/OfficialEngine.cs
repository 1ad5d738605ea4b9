using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentGate.Benchmarks.Differential;

/// <summary>The official engine in a process of Node.js: one line in, one line out. It ends with its standard input. Not thread-safe.</summary>
internal sealed class OfficialEngine : IDisposable
{
    private static readonly JsonSerializerOptions s_ascii = new() { Encoder = JavaScriptEncoder.Default, MaxDepth = 512 };
    private static readonly JsonDocumentOptions s_deep = new() { MaxDepth = 512 };
    private readonly Process _node;

    private OfficialEngine(Process node) => _node = node;

    /// <summary>Where the script and its package are, below the root of the repository.</summary>
    public static string Folder(string root) => Path.Combine(root, "eng", "cedar-wasm");

    /// <summary>Whether the package is installed.</summary>
    public static bool IsInstalled(string root) => Directory.Exists(Path.Combine(Folder(root), "node_modules", "@cedar-policy", "cedar-wasm"));

    /// <summary>Installs exactly the package on file.</summary>
    /// <exception cref="InvalidOperationException">npm is missing or fails.</exception>
    public static void Install(string root)
    {
        if (IsInstalled(root))
        {
            return;
        }

        Console.Error.WriteLine("npm ci (the official Cedar engine) ...");
        var info = new ProcessStartInfo("npm", ["ci", "--prefix", Folder(root), "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
        info.RedirectStandardOutput = true;
        using var npm = Process.Start(info) ?? throw new InvalidOperationException("npm did not start");
        npm.StandardOutput.ReadToEnd();
        npm.WaitForExit();
        if (npm.ExitCode != 0)
        {
            throw new InvalidOperationException($"npm ci ended with {npm.ExitCode}");
        }
    }

    public static OfficialEngine Start(string root)
    {
        var utf8 = new UTF8Encoding(false);

        // Node.js 20 dies of `unreachable code` when it gives up optimised code that calls WebAssembly directly.
        string[] flags = ["--no-turbo-inline-js-wasm-calls", "--expose-gc", "--max-semi-space-size=64"];
        var info = new ProcessStartInfo("node", [.. flags, Path.Combine(Folder(root), "oracle.mjs")])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, StandardInputEncoding = utf8, StandardOutputEncoding = utf8,
        };
        return new OfficialEngine(Process.Start(info) ?? throw new InvalidOperationException("node did not start"));
    }

    /// <summary>Sends a message; the answer comes with <see cref="Receive"/>.</summary>
    public void Send(JsonObject message)
    {
        _node.StandardInput.WriteLine(message.ToJsonString(s_ascii));
        _node.StandardInput.Flush();
    }

    /// <summary>The answer to the oldest message without one.</summary>
    public JsonObject Receive() => (JsonObject)JsonNode.Parse(
        _node.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the official engine has ended"), documentOptions: s_deep)!;

    public EngineAnswer Ask(DifferentialCase asked)
    {
        Send(asked.ToMessage(0, explain: true));
        return Read(Receive());
    }

    public static EngineAnswer Read(JsonObject answer) => new()
    {
        Crash = (string?)answer["crash"],
        Schema = (string?)answer["schema"],
        Parse = (string?)answer["parse"],
        Invalid = answer["validation"] is { } validation
            ? (bool)validation["ok"]! ? [] : Ids(validation["ids"])
            : null,
        Inapplicable = answer["validation"] is { } verdict ? Ids(verdict["inapplicable"]) : null,
        Validation = string.Join("; ", (answer["validation"]?["messages"] as JsonArray ?? []).Select(message => (string?)message)),
        Json = [.. (answer["json"] as JsonArray ?? []).Select(OurEngine.ReadOfficial)],
        Requests =
        [
            .. (answer["answers"] as JsonArray ?? []).Select(one => one!["failure"] is { } failure
                ? new EngineAnswer.RequestAnswer((string?)failure, false, [], [], "")
                : new EngineAnswer.RequestAnswer(
                    null, (string?)one["decision"] == "allow", Ids(one["reason"]), Ids(one["errors"]),
                    string.Join("; ", (one["messages"] as JsonArray ?? []).Select(message => (string?)message)))),
        ],
    };

    public void Dispose()
    {
        if (!_node.HasExited)
        {
            _node.Kill(entireProcessTree: true);
        }

        _node.Dispose();
    }

    private static ImmutableSortedSet<string> Ids(JsonNode? ids) => (ids as JsonArray ?? []).Select(id => (string)id!).ToImmutableSortedSet(StringComparer.Ordinal);
}
