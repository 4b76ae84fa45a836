namespace TlsFront.Configuration;

/// <summary>The version of this program.</summary>
internal static class ProgramVersion
{
    /// <summary>Such as 1.2.3.</summary>
    public static readonly string Text = typeof(ProgramVersion).Assembly.GetName().Version?.ToString(3) ?? "";
}
