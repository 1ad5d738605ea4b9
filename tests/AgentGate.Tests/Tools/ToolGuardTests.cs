using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Tests.Pipeline;
using AgentGate.Tools;

namespace AgentGate.Tests.Tools;

public sealed class ToolGuardTests
{
    [Theory]
    [InlineData(true, true, null)]
    [InlineData(false, true, Codes.UndeclaredTool)]
    [InlineData(true, false, Codes.ToolArgumentsInvalid)]
    [InlineData(false, false, Codes.UndeclaredTool)]
    public async Task A_tool_call_must_be_declared_and_have_readable_arguments(bool declared, bool valid, string? code)
    {
        var call = GateFixture.Call("{}") with { Context = new CallContext { At = default, Tool = new ToolFacts(declared, valid) } };

        var verdict = await new ToolGuard().InspectAsync(new GuardContext(call, new CallScope()), CancellationToken.None);

        Assert.Equal(code, (verdict as Verdict.Deny)?.Code);
    }
}
