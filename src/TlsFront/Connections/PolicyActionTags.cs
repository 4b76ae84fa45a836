namespace TlsFront.Connections;

/// <summary>Names for <see cref="PolicyAction"/>.</summary>
internal static class PolicyActionTags
{
    /// <summary>The value as a metric label, a field and a setting, never renamed once released; null for <see cref="PolicyAction.None"/>.</summary>
    public static string? Tag(this PolicyAction action) => action switch
    {
        PolicyAction.Allow => "allow",
        PolicyAction.Warn => "warn",
        PolicyAction.Refuse => "refuse",
        _ => null,
    };
}
