using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace AgentGate.Benchmarks.Micro;

/// <summary>BenchmarkDotNet in this process: the repository's build settings do not fit the projects it would generate.</summary>
internal static class BdnConfig
{
    public static IConfig Quick { get; } = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
}
