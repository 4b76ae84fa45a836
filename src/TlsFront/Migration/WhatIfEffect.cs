using System.Text.Json.Serialization;

namespace TlsFront.Migration;

/// <summary>What would become of a login.</summary>
internal enum WhatIfEffect
{
    /// <summary>It would be refused.</summary>
    [JsonStringEnumMemberName("refused")]
    Refused,

    /// <summary>It would be refused now and then, with an answer that makes programs try again.</summary>
    [JsonStringEnumMemberName("temporary")]
    Temporary,

    /// <summary>It would be warned of.</summary>
    [JsonStringEnumMemberName("warned")]
    Warned,
}
