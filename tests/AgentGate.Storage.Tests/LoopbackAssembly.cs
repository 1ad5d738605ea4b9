using AgentGate.Loopback;

[assembly: AssemblyFixture(typeof(LoopbackServers))]
