namespace TlsFront.Configuration;

/// <summary>How a backend's destinations share its sessions, among those that may get one.</summary>
internal enum LoadBalancing : byte
{
    /// <summary>
    /// The one with the fewest sessions, in turn among equals. Mail sessions last from seconds to days, so turns alone drift apart.
    /// </summary>
    LeastSessions,

    /// <summary>In turn.</summary>
    RoundRobin,

    /// <summary>Any, each as likely.</summary>
    Random,

    /// <summary>
    /// Two at random, of which the one with fewer sessions: replicas of the gateway that know only their own sessions do not all run to the same one.
    /// </summary>
    PowerOfTwoSessions,

    /// <summary>The first of the list; the others stand by.</summary>
    FirstAvailable,
}
