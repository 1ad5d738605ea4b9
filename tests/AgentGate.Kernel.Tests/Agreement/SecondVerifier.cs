using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace AgentGate.Kernel.Tests.Agreement;

/// <summary>The verifier in tests/second-verifier, run by Node.js: one process for any number of cases.</summary>
internal static class SecondVerifier
{
    /// <summary>Whether it can run here; skips the test where Node.js is missing, fails it under <c>CI=true</c>.</summary>
    public static void Require()
    {
        try
        {
            using var node = Process.Start(Start("--version"))!;
            var version = node.StandardOutput.ReadToEnd();
            node.WaitForExit();
            if (int.TryParse(version.TrimStart('v').Split('.')[0], out var major) && major >= 20)
            {
                return;
            }
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // Said below.
        }

        const string Message = "SKIPPED FOR LACK OF NODE: the second verifier needs Node.js 20 or later on the path.";
        Assert.False(string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase), Message);
        Assert.Skip(Message);
    }

    /// <summary>Verifies cases, in their order.</summary>
    public static async Task<IReadOnlyList<CaseVerdict>> VerifyAsync(IEnumerable<AgreementCase> cases, CancellationToken cancellationToken)
    {
        using var node = Process.Start(Start(Script("verify.mjs"), "--batch"))!;
        var errors = node.StandardError.ReadToEndAsync(cancellationToken);
        var answers = ReadAsync(node, cancellationToken);
        var input = node.StandardInput;
        foreach (var one in cases)
        {
            await input.WriteLineAsync(one.ToLine().AsMemory(), cancellationToken);
        }

        input.Close();
        var verdicts = await answers;
        await node.WaitForExitAsync(cancellationToken);
        Assert.True(node.ExitCode == 0, $"The second verifier ended with status {node.ExitCode}: {await errors}");
        return verdicts;
    }

    /// <summary>The path of one of its files.</summary>
    public static string Script(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AgentGate.slnx")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository."), "tests", "second-verifier", name);
    }

    /// <summary>How Node.js is started.</summary>
    public static ProcessStartInfo Start(params string[] arguments) => new("node", arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        StandardOutputEncoding = Encoding.UTF8,
    };

    private static async Task<List<CaseVerdict>> ReadAsync(Process node, CancellationToken cancellationToken)
    {
        var verdicts = new List<CaseVerdict>();
        while (await node.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            using var answer = JsonDocument.Parse(line);
            var root = answer.RootElement;
            verdicts.Add(new CaseVerdict(
                root.GetProperty("id").GetInt32(),
                root.GetProperty("valid").GetBoolean(),
                string.Join(' ', root.GetProperty("failed").EnumerateArray().Select(static step => step.GetString()))));
        }

        return verdicts;
    }
}
