namespace TlsFront.Handover;

/// <summary>What a message between two processes means. Values are the protocol: they are added to and never change.</summary>
internal enum MessageKind : byte
{
    /// <summary>Successor: here I am, and these versions of a session's state I read.</summary>
    Hello = 1,

    /// <summary>Predecessor: this version is what I write.</summary>
    Welcome = 2,

    /// <summary>Predecessor: a listener's sockets.</summary>
    Listener = 3,

    /// <summary>Predecessor: what operators decided since the start.</summary>
    Decisions = 4,

    /// <summary>Predecessor: this was all; start.</summary>
    Start = 5,

    /// <summary>Successor: started, and able to serve.</summary>
    Ready = 6,

    /// <summary>Predecessor: accept clients.</summary>
    Serve = 7,

    /// <summary>Predecessor: a session, which stays mine until you take it and I let go of it.</summary>
    Session = 8,

    /// <summary>Successor: I can serve it, and wait for your word.</summary>
    Taken = 9,

    /// <summary>Successor: I cannot serve it; keep it.</summary>
    Declined = 10,

    /// <summary>Predecessor: it is yours.</summary>
    Released = 11,

    /// <summary>Predecessor: become the gateway.</summary>
    Replace = 12,

    /// <summary>Either: this fails, for the reason given; I go on as if you had never been, or end.</summary>
    Failed = 13,

    /// <summary>Successor: I am the gateway, the admin endpoint included.</summary>
    Replaced = 14,

    /// <summary>Predecessor: the service manager knows you. I only end what is left.</summary>
    Introduced = 15,

    /// <summary>Predecessor: I keep a session that you took, after all.</summary>
    Kept = 16,

    /// <summary>Predecessor: something that I remember apart from sessions, behind its name.</summary>
    /// <remarks>17 was another layout of it.</remarks>
    State = 18,
}
