namespace TlsFront.Configuration;

/// <summary>What keeps sessions of a backend at one destination.</summary>
internal enum Stickiness : byte
{
    /// <summary>Nothing: each goes where load balancing says.</summary>
    None,

    /// <summary>
    /// Their user. Servers that share storage, over NFS or as Dovecot's obox, spoil or slow down a mailbox that two of them have open.
    /// </summary>
    User,
}
