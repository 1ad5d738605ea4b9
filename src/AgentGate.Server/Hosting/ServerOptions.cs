using AgentGate.Audit;
using AgentGate.Budgets;
using AgentGate.Certificates;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Keys;
using AgentGate.Limits;
using AgentGate.Pii;
using AgentGate.Pii.Detection;
using AgentGate.Pipeline;
using AgentGate.Policies;
using AgentGate.Server.Gateway;
using AgentGate.Server.Identity;
using AgentGate.Server.Identity.Device;
using AgentGate.Server.Identity.Federation;
using AgentGate.Server.Identity.Passkeys;
using AgentGate.Threats;
using AgentGate.Threats.Injection;
using AgentGate.Tools;
using AgentGate.Transactions;
using AgentGate.Witness;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Hosting;

/// <summary>Binds the sections of configuration to their options. What cannot be used stops the start with the key's name.</summary>
internal static class ServerOptions
{
    private static readonly string[] s_sections = ["Gate", "Gateway", "Pii", "PiiVault", "Audit", "Keys", "Tools", "Policies", "Providers", "Threats", "Injection", "Guardrails", "Limits", "Budgets", "Admissibility", "SafetyNodes", "Signing", "Witness", "Database", "Changes", "Passkeys", "Device", "Federation", "SignIn", "Passwords", "Captcha", "Http", "Proxies", "Behaviour", "Alerts", "Transactions"];

    public static void Bind(WebApplicationBuilder builder)
    {
        RefuseUnknownSections(builder.Configuration);
        Bind<GateOptions>(builder, "AgentGate:Gate", GateFaults);
        Bind<GatewayOptions>(builder, GatewayOptions.Section, GatewayOptions.Validate);
        Bind<PiiOptions>(builder, "AgentGate:Pii", PiiOptionsRules.Validate);
        Bind<PiiVaultOptions>(builder, "AgentGate:PiiVault", _ => []);
        Bind<AuditOptions>(builder, "AgentGate:Audit", _ => []);
        Bind<SigningOptions>(builder, "AgentGate:Signing", options => options.Problems());
        Bind<WitnessOptions>(builder, "AgentGate:Witness", options => options.Problems());
        Bind<DeviceOptions>(builder, DeviceOptions.Section, DeviceOptions.Faults);
        Bind<FederationOptions>(builder, FederationOptions.Section, FederationOptions.Faults);
        Bind<PasskeyOptions>(builder, PasskeyOptions.Section, PasskeyOptions.Faults);
        Bind<DatabaseOptions>(builder, "AgentGate:Database", _ => []);
        Bind<ApiKeyOptions>(builder, "AgentGate:Keys", _ => []);
        Bind<ToolOptions>(builder, "AgentGate:Tools", ToolFaults);
        Bind<ThreatOptions>(builder, "AgentGate:Threats", ThreatFaults);
        Bind<InjectionOptions>(builder, "AgentGate:Injection", _ => []);
        Bind<BudgetOptions>(builder, "AgentGate:Budgets", BudgetOptions.Validate);
        Bind<AdmissibilityOptions>(builder, "AgentGate:Admissibility", _ => []);
        Bind<PolicyOptions>(builder, "AgentGate:Policies", PolicyFaults);
        Bind<TransactionsOptions>(builder, "AgentGate:Transactions", _ => []);
        Bind<ChangeOptions>(builder, "AgentGate:Changes", ChangeOptions.Faults);
        Bind<SignInOptions>(builder, SignInOptions.Section, SignInOptions.Faults);
        Bind<CaptchaOptions>(builder, CaptchaOptions.Section, CaptchaOptions.Faults);
        PublishedCaptchaNames.Bind(builder);
        Bind<PasswordOptions>(builder, PasswordOptions.Section, options => PasswordOptions.Faults(options, builder.Environment.IsDevelopment()));
        if (builder.Environment.IsDevelopment())
        {
            // Before the configuration, which has the last word.
            builder.Services.Configure<SafetyNodeOptions>(options => options.AllowPrivateAddresses = true);
        }

        Bind<SafetyNodeOptions>(builder, "AgentGate:SafetyNodes", SafetyNodesServiceCollectionExtensions.Faults);
        HardeningOptions.Bind(builder);
        GuardrailSettings.Bind(builder);
        BindLimits(builder);
        builder.Services.PostConfigure<GatewayOptions>(options =>
        {
            if (builder.Configuration["MAX_REQUEST_BODY_BYTES"] is { Length: > 0 } text)
            {
                options.ApiBodyBytesMax = int.TryParse(text, out var bytes) ? bytes : -1;
            }
        });
        AddDemoBudgets(builder);
        string[] permitting = ["Permit", "Files", "Directory", "Inline"];
        if (builder.Environment.IsDevelopment() && builder.Configuration["AgentGate:Policies:SecondPerson"] is null)
        {
            builder.Services.PostConfigure<PolicyOptions>(options => options.SecondPerson = SecondPerson.Never);
        }

        if (builder.Environment.IsDevelopment() && !permitting.Any(key => builder.Configuration.GetSection("AgentGate:Policies:" + key).Exists()))
        {
            builder.Services.PostConfigure<PolicyOptions>(options => options.UseShippedDefault = true);
        }
    }

    /// <summary>The demo spends real-looking money: without budgets of its own a server in development gets those of the demo.</summary>
    private static void AddDemoBudgets(WebApplicationBuilder builder)
    {
        var budgets = builder.Configuration.GetSection("AgentGate:Budgets");
        if (builder.Environment.IsDevelopment() && !budgets.GetSection("Rules").Exists() && budgets["UseShippedDefault"] is null)
        {
            builder.Services.PostConfigure<BudgetOptions>(options => options.UseShippedDefault = true);
        }
    }

    /// <summary>A server has the shipped limits unless configuration says otherwise; in development ones that can be seen at work.</summary>
    private static void BindLimits(WebApplicationBuilder builder)
    {
        builder.Services.Configure<LimitsOptions>(options => options.UseShippedDefault = true);
        Bind<LimitsOptions>(builder, "AgentGate:Limits", _ => []);
        if (builder.Environment.IsDevelopment())
        {
            builder.Services.Configure<LimitsOptions>(options =>
            {
                if (options.UseShippedDefault && options.Rules.Count == 0)
                {
                    ShippedLimits.AddDevelopmentTo(options.Rules);
                }
            });
        }
    }

    /// <summary>A section nobody reads is a typing error too: <c>Polices:Forbid</c> would forbid nothing.</summary>
    private static void RefuseUnknownSections(ConfigurationManager configuration)
    {
        foreach (var section in configuration.GetSection("AgentGate").GetChildren())
        {
            if (!s_sections.Contains(section.Key, StringComparer.OrdinalIgnoreCase))
            {
                throw new InvalidOperationException(
                    $"{Codes.ConfigurationInvalid}: {section.Path} is no section of the configuration; they are {string.Join(", ", s_sections)}.");
            }
        }
    }

    private static IEnumerable<string> GateFaults(GateOptions options)
    {
        if (options.RecordDeadline <= TimeSpan.Zero || options.RecordDeadline > TimeSpan.FromMinutes(5))
        {
            yield return "AgentGate:Gate:RecordDeadline must be more than zero and at most five minutes.";
        }

        if (options.TraceBytesMax is < 0 or > 16 * 1024 * 1024)
        {
            yield return "AgentGate:Gate:TraceBytesMax must be between 0 and 16 MiB.";
        }

        if (!options.Certificates)
        {
            yield return "AgentGate:Gate:Certificates must be true on a server: what it decides can be proved to others.";
        }

        foreach (var name in options.Shadow.Where(name => !GateOptions.ShadowNames.Contains(name, StringComparer.OrdinalIgnoreCase)))
        {
            yield return $"AgentGate:Gate:Shadow names \"{name}\"; the guards that can be watched are {string.Join(", ", GateOptions.ShadowNames)}.";
        }
    }

    /// <summary>Binds one section strictly.</summary>
    public static void Bind<TOptions>(WebApplicationBuilder builder, string section, Func<TOptions, IEnumerable<string>> validate)
        where TOptions : class
    {
        var configured = builder.Configuration.GetSection(section);
        string[] known = [.. typeof(TOptions).GetProperties().Select(property => property.Name)];
        if (configured.GetChildren().FirstOrDefault(key => !known.Contains(key.Key, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            throw new InvalidOperationException(
                $"{Codes.ConfigurationInvalid}: {unknown.Path} is no setting; {section} has {string.Join(", ", known)}.");
        }

        // A key nobody knows is a typing error that would leave a protection unset: it stops the start.
        builder.Services.AddOptions<TOptions>().Configure(options => BindTo(options, configured)).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<TOptions>>(new Validator<TOptions>(validate));
    }

    private static void BindTo<TOptions>(TOptions options, IConfigurationSection section)
        where TOptions : class
    {
        try
        {
            section.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException unfit)
        {
            // The binder names the value it could not convert, or the setting it does not know, and not where it stands.
            throw new InvalidOperationException($"{Codes.ConfigurationInvalid}: {section.Path}: {unfit.GetBaseException().Message}", unfit);
        }
    }

    private static IEnumerable<string> PolicyFaults(PolicyOptions options)
        => options.Permit.Concat(options.Forbid)
            .SelectMany(rule => PatternFaults("AgentGate:Policies", [rule.Action, rule.Resource, rule.Principal]))
            .Concat(options.Permit.Concat(options.Forbid)
                .Where(rule => !GateActions.All.Concat(GateActions.Effects).Any(action => Wildcard.IsMatch(rule.Action, action, ignoreCase: true)))
                .Select(rule => $"AgentGate:Policies names the action \"{rule.Action}\", which nothing has; the actions are {string.Join(", ", GateActions.All.Concat(GateActions.Effects))}."))
            .Concat(options.AllowUnread
                .Where(kind => kind is not ("image" or "audio" or "file" or "encrypted" or "other"))
                .Select(kind => $"AgentGate:Policies:AllowUnread names \"{kind}\"; the kinds are image, audio, file, encrypted, other."));

    private static IEnumerable<string> ToolFaults(ToolOptions options)
        => ToolRules.Faults(options)
            .Concat(PatternFaults("AgentGate:Tools:Internal", options.Internal))
            .Concat(PatternFaults("AgentGate:Tools:Declared", options.Declared.Select(rule => rule.Tool)))
            .Concat(PatternFaults("AgentGate:Tools:Arguments", options.Arguments.SelectMany(rule => new[] { rule.Tool, rule.Argument })))
            .Concat(options.Arguments.Where(rule => !Enum.IsDefined(rule.Kind))
                .Select(rule => $"AgentGate:Tools:Arguments holds the kind {(int)rule.Kind}; the kinds are {string.Join(", ", Enum.GetNames<ArgumentKind>())}."));

    private static IEnumerable<string> ThreatFaults(ThreatOptions options)
        => PatternFaults("AgentGate:Threats:AllowTools", options.AllowTools)
            .Concat(PatternFaults("AgentGate:Threats:BlockTools", options.BlockTools))
            .Concat(options.BlockPaths.Where(path => path.Length == 0 || path.Contains('*', StringComparison.Ordinal))
                .Select(path => $"AgentGate:Threats:BlockPaths holds \"{path}\"; name a folder, everything in it is meant."))
            .Concat(options.BlockPatterns.Where(pattern => pattern.AsSpan().Trim("* ").IsEmpty)
                .Select(pattern => $"AgentGate:Threats:BlockPatterns holds \"{pattern}\", which every text contains."))
            .Concat(options.Families.Keys.Where(family => !Enum.GetNames<ThreatFamily>().Contains(family, StringComparer.OrdinalIgnoreCase))
                .Select(family => $"AgentGate:Threats:Families names \"{family}\"; the families are {string.Join(", ", Enum.GetNames<ThreatFamily>())}."));

    private static IEnumerable<string> PatternFaults(string key, IEnumerable<string> patterns)
        => patterns.Where(pattern => !Wildcard.IsValid(pattern))
            .Select(pattern => $"{key} holds the pattern \"{pattern}\"; only * is a wildcard, and it cannot stand beside ? or a backslash.");

    private sealed class Validator<TOptions>(Func<TOptions, IEnumerable<string>> validate) : IValidateOptions<TOptions>
        where TOptions : class
    {
        public ValidateOptionsResult Validate(string? name, TOptions options)
            => validate(options).Select(fault => $"{Codes.ConfigurationInvalid}: {fault}").ToList() is { Count: > 0 } faults
                ? ValidateOptionsResult.Fail(faults)
                : ValidateOptionsResult.Success;
    }
}
