using System.Reflection;
using AgentGate.Architecture.Tests.Source;
using PublicApiGenerator;

namespace AgentGate.Architecture.Tests;

public class PublicApiTests
{
    private const string Accept = "AGENTGATE_ACCEPT_API";

    [Theory]
    [InlineData("AgentGate.Cedar")]
    [InlineData("AgentGate.Kernel")]
    [InlineData("AgentGate")]
    [InlineData("AgentGate.Client")]
    public void The_public_surface_is_the_one_on_file(string name)
    {
        var path = $"tests/AgentGate.Architecture.Tests/PublicApi/{name}.txt";
        var actual = Assembly.Load(name).GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false })
            .ReplaceLineEndings("\n").Trim() + "\n";
        if (Environment.GetEnvironmentVariable(Accept) == "1" && Environment.GetEnvironmentVariable("CI") != "true")
        {
            File.WriteAllText(Path.Combine(Repository.Root, path), actual);
        }

        var approved = Repository.Has(path) ? Repository.Read(path).ReplaceLineEndings("\n").Trim() + "\n" : "\n";
        if (approved != actual)
        {
            Assert.Fail(
                $"The public API of {name} is not the approved one:\n{Difference(approved, actual)}\n"
                + "  What to do: if nobody outside needs the type, make it internal. If the change is wanted, accept it and commit the text:\n"
                + $"    {Accept}=1 ./run test Architecture");
        }
    }

    private static string Difference(string approved, string actual)
    {
        string[] before = approved.Split('\n'), after = actual.Split('\n');
        var lines = before.Except(after, StringComparer.Ordinal).Select(line => "  - " + line.Trim())
            .Concat(after.Except(before, StringComparer.Ordinal).Select(line => "  + " + line.Trim()))
            .ToList();
        return lines.Count == 0 ? "  (the same lines in another order)" : string.Join('\n', lines.Take(60));
    }
}
