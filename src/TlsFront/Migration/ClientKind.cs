using System.Text.Json.Serialization;

namespace TlsFront.Migration;

/// <summary>Who seems to use a login. A hint: nothing proves it.</summary>
internal enum ClientKind : byte
{
    /// <summary>Nothing tells.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,

    /// <summary>Somebody with a mail program.</summary>
    [JsonStringEnumMemberName("person")]
    Person,

    /// <summary>A scanner, a server, a script.</summary>
    [JsonStringEnumMemberName("machine")]
    Machine,
}
