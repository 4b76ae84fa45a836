namespace TlsFront.Inventory;

/// <summary>What became of a login.</summary>
internal enum LoginOutcome : byte
{
    /// <summary>The backend accepted it.</summary>
    Accepted,

    /// <summary>The backend rejected it, as it does a wrong password.</summary>
    Rejected,

    /// <summary>A policy refused it, and no backend was asked.</summary>
    Refused,

    /// <summary>It was refused because it came before TLS, which left its password known to whoever listened.</summary>
    Exposed,
}
