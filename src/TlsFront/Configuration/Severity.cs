namespace TlsFront.Configuration;

/// <summary>Weight of a <see cref="Problem"/>.</summary>
internal enum Severity : byte
{
    /// <summary>The settings cannot be used.</summary>
    Error,

    /// <summary>They can, but hardly as meant.</summary>
    Warning,
}
