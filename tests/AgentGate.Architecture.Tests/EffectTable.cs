namespace AgentGate.Architecture.Tests;

/// <summary>The few places that may do what the rest of the code must not, each with its reason. Paths are files or folders.</summary>
internal static class EffectTable
{
    /// <summary>Where every exception may be caught, beside the gate itself.</summary>
    public static IReadOnlyDictionary<string, string> CatchesEverything { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["src/AgentGate/Pipeline/GateJournal.Certificates.cs"] = "the gate's record: what cannot be certified is denied, and who listens to certificates changes nothing",
        ["src/AgentGate/Pipeline/GateJournal.Charges.cs"] = "the record of the call is final by then: a charge that cannot be kept is logged, and must not end the call otherwise",
        ["src/AgentGate/Pipeline/GateJournal.Holds.cs"] = "the call has ended by then: what a guard cannot give back is logged, and must not end the call otherwise",
        ["src/AgentGate/Approvals/ApprovalRecords.cs"] = "an act that cannot be put on record counts for nothing; it is logged, counted and tried again",
        ["src/AgentGate/Approvals/ApprovalUpkeep.cs"] = "the loop goes on: what failed is logged and tried again",
        ["src/AgentGate/Transactions/CompensationEffect.cs"] = "whatever a compensation throws is tried again or reported; the rest of the rollback runs (ADR 0039)",
        ["src/AgentGate/Transactions/StepUndo.cs"] = "one step that cannot be undone, whatever the reason, is reported and leaves the rest of the rollback running",
        ["src/AgentGate/Transactions/TransactionJournal.cs"] = "a store of transactions that fails is a result: logged and counted, nothing is done or committed without it, and it is reported",
        ["src/AgentGate/Transactions/TransactionActs.cs"] = "an act that cannot be put on record is a result: nothing begins or is committed without it, and a rollback goes on",
        ["src/AgentGate/Transactions/TransactionDesk.cs"] = "who only hears of a rollback that is done must not change its report",
        ["src/AgentGate/Transactions/ToolStep.cs"] = "puts down how the step ended before it lets the failure go",
        ["src/AgentGate/Transactions/AgentGateTransactionExtensions.cs"] = "whatever ends the work rolls the transaction back, and is the cause of what is thrown",
        ["src/AgentGate/Audit/CheckpointPublisher.cs"] = "a checkpoint that fails is not published: logged, counted and shown on the health page, and tried again",
        ["src/AgentGate/Pipeline/ChangeFollower.cs"] = "what cannot be read is tried again, logged as AG4500 and counted; too long of it closes the gate",
        ["src/AgentGate/Audit/LogInstanceUpkeep.cs"] = "whatever keeps a lease from being renewed is logged and tried again; the lease itself decides",
        ["src/AgentGate/Budgets/BudgetsGuard.cs"] = "gives back what was reserved before it lets the failure go: the gate closes",
        ["src/AgentGate/Budgets/CallCharge.cs"] = "a reservation that cannot be given back is left to its lease and logged as AG2204; the failure it follows goes on",
        ["src/AgentGate/Deception/HoneyGuard.cs"] = "who only hears of an alert must not undo the denial",
        ["src/AgentGate/Pipeline/CallEvents.cs"] = "telling what happens decides nothing; who listens must not fail a call",
        ["src/AgentGate/Budgets/BudgetAlerts.cs"] = "who only hears of an alert must not lose the reservation that is about to be handed over",
        ["src/AgentGate/Audit/DecisionRecorder.Loop.cs"] = "the writer's loop hands a failed commit to every caller that waits for it, or to those of the tenant at fault",
        ["src/AgentGate/Audit/DecisionRecorder.Lost.cs"] = "what a broken store lost is told when it is back; until then it is logged, and the log is not writable",
        ["src/AgentGate/Alerts/AlertDesk.cs"] = "an alert that cannot be queued or sent is logged, counted and tried again; who raised it did its own work and must not fail by it",
        ["src/AgentGate/Alerts/AlertDispatcher.cs"] = "an alert that cannot be queued or sent is logged, counted and tried again; who raised it did its own work and must not fail by it",
        ["src/AgentGate/Threats/Behaviour/BehaviourDetector.cs"] = "counting what happened decides nothing about the request it happened in; what cannot be counted is logged",
        ["src/AgentGate/Audit/DecisionRecorder.cs"] = "the writer's loop hands a failed commit to every caller that waits for it",
        ["src/AgentGate/Keys/ApiKeyService.cs"] = "when a key was last used is a hint that decides nothing; losing it is logged as AG6004",
        ["src/AgentGate/Threats/Injection/InjectionClassifiers.cs"] = "an application's classifier that configuration lets fail open; logged and on record as a finding",
    };

    /// <summary>Where bytes may leave the process.</summary>
    public static IReadOnlyDictionary<string, string> OpensConnections { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["src/AgentGate.Client"] = "the typed HTTP client is what the project is",
        ["src/AgentGate.Cli/Plans/PlanCommand.cs"] = "the command line asks the server that its user named",
        ["src/AgentGate.Server/Certificates/HttpSafetyNodeTransport.cs"] = "a question to a safety node whose address the operator registered; the answer is a signed vote (ADR 0026)",
        ["src/AgentGate.Server/Witness/HttpWitnessTransport.cs"] = "signed checkpoints and hashes of the log, which are public, to the witnesses of the configuration",
        ["src/AgentGate.Server/Playground/PlaygroundClient.cs"] = "a visitor's request to this server's own door, over the loopback",
        ["src/AgentGate.Server/Access/PublicConnection.cs"] = "connects to public addresses alone, for the transports listed here",
        ["src/AgentGate.Server/Alerts/AlertHttp.cs"] = "alerts to the receivers of the configuration, signed; nothing of a call's content goes there (ADR 0034)",
        ["src/AgentGate.Server/Health/DistributedHealthMonitor.cs"] = "asks the services of the configuration whether they are well; a bare GET, nothing of a call goes there (ADR 0034)",
        ["src/AgentGate.Server/Health/HealthTarget.cs"] = "the question of DistributedHealthMonitor",
        ["src/AgentGate.Server/Identity/HCaptcha.cs"] = "asks hCaptcha whether an answer is right, where the operator chose it (ADR 0031)",
        ["src/AgentGate.Server/Identity/SignInRegistration.cs"] = "registers the client of HCaptcha",
        ["src/AgentGate.Server/Identity/Federation"] = "discovery, keys and codes at the identity provider of the configuration; nothing of a call goes there (ADR 0032)",
        ["src/AgentGate.Server/Providers"] = "the transport of the model effect; takes its content from the permit",
    };

    /// <summary>Where a banned symbol may be used.</summary>
    public static IReadOnlyDictionary<string, string> UsesBannedSymbols { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["src/AgentGate.Server/Hosting/ServerConsole.cs"] = "the command line of the server: what to try, and why it does not start",
        ["src/AgentGate.Cli/Program.cs"] = "the command line: where people read what we write",
        ["src/AgentGate/Pipeline/SystemIdSource.cs"] = "the one maker of UUIDs",
    };

    public static bool Allows(this IReadOnlyDictionary<string, string> table, string path)
        => table.Keys.Any(key => key == path || path.StartsWith(key + "/", StringComparison.Ordinal));
}
