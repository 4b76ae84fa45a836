using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Transport;

/// <summary>Which deadline a phase has.</summary>
internal static class PhaseDeadlines
{
    /// <summary>
    /// How long the session of <paramref name="facts"/> may stay in <paramref name="phase"/>. Greetings share what is left of the time to connect
    /// while there is another destination.
    /// </summary>
    public static TimeSpan Of(Phase phase, TimeoutSettings timeouts, SessionFacts facts) => phase switch
    {
        Phase.Plaintext => timeouts.StartTls,
        Phase.Greeting => Greeting(timeouts.Greeting ?? timeouts.Reply, facts),
        Phase.PreLogin => timeouts.PreLogin,
        Phase.Command => timeouts.Command,
        Phase.AwaitReply or Phase.FinalReply => timeouts.Reply,
        Phase.Data => timeouts.Data,
        _ => timeouts.Relay,
    };

    private static TimeSpan Greeting(TimeSpan last, SessionFacts facts) =>
        facts.CanFailOver && facts.FailOverAfter < last ? facts.FailOverAfter : last;
}
