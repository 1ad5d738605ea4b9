using System.Text;
using AgentGate.Cli;

#pragma warning disable RS0030 // The command line is where people read what we write.
Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
return CommandLine.Run(args, new Terminal(Console.Out, Console.Error, Console.OpenStandardInput));
#pragma warning restore RS0030
