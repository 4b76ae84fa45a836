namespace TlsFront.Configuration;

/// <summary>What a policy takes a share of.</summary>
internal enum SampleOf : byte
{
    /// <summary>Of the users: always the same.</summary>
    Users,

    /// <summary>Of the connections: who tries again may be let in.</summary>
    Connections,
}
