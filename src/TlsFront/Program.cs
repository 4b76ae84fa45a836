using System.Collections;
using System.CommandLine;
using TlsFront.Cli;

namespace TlsFront;

internal static class Program
{
    private static Task<int> Main(string[] arguments) =>
        CommandLine.Parse(arguments, Environment(), TimeProvider.System).InvokeAsync(new InvocationConfiguration
        {
            // The gateway drains on SIGTERM for as long as its settings say; the library would end it after two seconds.
            ProcessTerminationTimeout = null,
        });

    private static Dictionary<string, string> Environment() => System.Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);
}
