using AgentGate.Pii;
using AgentGate.Pii.Detection;
using static AgentGate.Tests.Pii.Detection.ScannerFixture;

namespace AgentGate.Tests.Pii.Detection;

public sealed class PiiOptionsRulesTests
{
    [Fact]
    public void The_defaults_are_valid() => Assert.Empty(PiiOptionsRules.Validate(new PiiOptions()));

    [Theory]
    [InlineData("employee", "EMP-[0-9]{6}", "AgentGate:Pii:CustomTypes:0:Name", "EMPLOYEE_ID")]
    [InlineData("1ST", "EMP-[0-9]{6}", "AgentGate:Pii:CustomTypes:0:Name", "EMPLOYEE_ID")]
    [InlineData("SSN", "EMP-[0-9]{6}", "AgentGate:Pii:CustomTypes:0:Name", "MY_SSN")]
    [InlineData("LITERAL", "EMP-[0-9]{6}", "AgentGate:Pii:CustomTypes:0:Name", "MY_LITERAL")]
    [InlineData("EMPLOYEE", "EMP-[0-9", "AgentGate:Pii:CustomTypes:0:Pattern", "not a regular expression")]
    [InlineData("EMPLOYEE", "(?<=x)EMP", "AgentGate:Pii:CustomTypes:0:Pattern", "Context")]
    [InlineData("EMPLOYEE", @"(a)\1", "AgentGate:Pii:CustomTypes:0:Pattern", "Context")]
    [InlineData("EMPLOYEE", "[0-9]*", "AgentGate:Pii:CustomTypes:0:Pattern", "at least one character")]
    [InlineData("EMPLOYEE", "", "AgentGate:Pii:CustomTypes:0:Pattern", "is empty")]
    public void A_bad_custom_type_is_refused_with_its_key_and_the_way_out(string name, string pattern, string key, string wayOut)
    {
        var options = new PiiOptions { CustomTypes = { new CustomPiiType { Name = name, Pattern = pattern } } };
        var fault = Assert.Single(PiiOptionsRules.Validate(options));
        Assert.StartsWith(key, fault, StringComparison.Ordinal);
        Assert.Contains(wayOut, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_bad_settings_are_refused_too()
    {
        var options = new PiiOptions
        {
            Threshold = 0,
            Types = { "SNN" },
            CustomTypes =
            {
                new CustomPiiType { Name = "A", Pattern = "a", Score = 2 },
                new CustomPiiType { Name = "A", Pattern = "a", Context = { " " } },
            },
        };
        var faults = PiiOptionsRules.Validate(options).ToList();
        Assert.Equal(5, faults.Count);
        Assert.All(["AgentGate:Pii:Threshold", "AgentGate:Pii:Types:0", "AgentGate:Pii:CustomTypes:0:Score", "AgentGate:Pii:CustomTypes:1:Name", "AgentGate:Pii:CustomTypes:1:Context"],
            key => Assert.Contains(faults, fault => fault.StartsWith(key, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_custom_type_is_found_and_with_context_only_near_its_word()
    {
        var scanner = new PiiScanner(new PiiOptions
        {
            CustomTypes =
            {
                new CustomPiiType { Name = "EMPLOYEE_ID", Pattern = @"\bEMP-[0-9]{6}\b" },
                new CustomPiiType { Name = "BADGE", Pattern = @"\b[0-9]{5}\b", Context = { "badge" } },
            },
        });
        Assert.Equal(["EMPLOYEE_ID:EMP-123456", "BADGE:54321"], Find(scanner, "EMP-123456 has Badge 54321"));
        Assert.Empty(Find(scanner, "XEMP-123456 has room 54321"));
    }

    [Fact]
    public void A_custom_value_is_found_wherever_it_lies_in_a_long_text()
    {
        var scanner = new PiiScanner(new PiiOptions { CustomTypes = { new CustomPiiType { Name = "E", Pattern = "EMP-[0-9]{6}" } } });
        for (var before = 8180; before < 8200; before++)
        {
            Assert.Equal(["E:EMP-123456"], Find(scanner, new string('x', before) + " EMP-123456 " + new string('y', 9000)));
        }
    }

    [Fact]
    public void Only_the_types_asked_for_are_found_and_no_allowed_value()
    {
        var scanner = new PiiScanner(new PiiOptions { Types = { "EMAIL" }, AllowedValues = { "help@example.com" } });
        Assert.Equal(["EMAIL:joe@example.com"], Find(scanner, "joe@example.com, help@example.com, 123-45-6789"));
    }

    [Fact]
    public void A_higher_threshold_leaves_out_what_is_less_sure()
    {
        var scanner = new PiiScanner(new PiiOptions { Threshold = 0.9 });
        Assert.Equal(["EMAIL:joe@example.com"], Find(scanner, "joe@example.com 0487 23 46 71"));
    }
}
