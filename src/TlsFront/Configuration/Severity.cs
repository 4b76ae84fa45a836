using System.Text.Json.Serialization;

namespace TlsFront.Configuration;

/// <summary>Weight of a <see cref="Problem"/>.</summary>
internal enum Severity : byte
{
    /// <summary>The settings cannot be used.</summary>
    [JsonStringEnumMemberName("error")]
    Error,

    /// <summary>They can, but hardly as meant.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,

    /// <summary>They can, and it is as well to know what follows from them.</summary>
    [JsonStringEnumMemberName("note")]
    Note,
}
