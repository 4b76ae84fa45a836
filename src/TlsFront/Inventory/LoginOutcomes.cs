namespace TlsFront.Inventory;

/// <summary>Names for <see cref="LoginOutcome"/>.</summary>
internal static class LoginOutcomes
{
    /// <summary>The value in the database, never renamed once released.</summary>
    public static string Tag(this LoginOutcome outcome) => outcome switch
    {
        LoginOutcome.Accepted => "accepted",
        LoginOutcome.Rejected => "rejected",
        LoginOutcome.Refused => "refused",
        _ => "exposed",
    };
}
