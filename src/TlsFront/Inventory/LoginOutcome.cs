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

    /// <summary>
    /// Its password crossed the network in clear, and is known to whoever listened. Where a policy let it in, the login that was accepted is counted
    /// as well: of all logins, this outcome is to be left out.
    /// </summary>
    Exposed,
}
