using System.ComponentModel;
using System.Diagnostics;
using AgentGate.Kernel.Certificates;

namespace AgentGate.Integration.Tests.Certificates;

/// <summary>The verifier in tests/second-verifier, which shares no code with ours: what a real server hands out must satisfy both.</summary>
internal static class SecondVerifier
{
    /// <summary>
    /// Verifies the same files and compares the steps that failed. Does nothing where Node.js is missing: the tests of the kernel say so loudly.
    /// </summary>
    public static async Task AgreeAsync(byte[] certificate, byte[] bundle, byte[] keys, VerificationReport report)
    {
        var folder = Directory.CreateTempSubdirectory("agentgate-second");
        try
        {
            string Write(string name, byte[] bytes)
            {
                var path = Path.Combine(folder.FullName, name);
                File.WriteAllBytes(path, bytes);
                return path;
            }

            using var node = Start("verify.mjs", Write("certificate.json", certificate), "--bundle", Write("bundle.json", bundle), "--keys", Write("keys.json", keys));
            if (node is null)
            {
                return;
            }

            var words = await node.StandardOutput.ReadToEndAsync();
            await node.WaitForExitAsync();
            var failed = words.Split('\n').Where(static line => line.StartsWith("FAIL ", StringComparison.Ordinal)).Select(static line => line[5..].Split(':')[0]);
            Assert.Equal(report.Steps.Where(static step => step.Outcome == StepOutcome.Failed).Select(static step => step.Name), failed);
            Assert.True(node.ExitCode == (!report.Valid ? 1 : report.Erased ? 3 : 0), words);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Process? Start(string script, params string[] arguments)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "AgentGate.slnx")))
        {
            root = root.Parent;
        }

        var path = Path.Combine(root?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository."), "tests", "second-verifier", script);
        try
        {
            return Process.Start(new ProcessStartInfo("node", [path, .. arguments]) { RedirectStandardOutput = true });
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
