namespace TlsFront.Fuzzing.Models;

/// <summary>What octets are taken for.</summary>
internal enum ActKind
{
    /// <summary>A command, or its first line.</summary>
    Command,

    /// <summary>The rest of a command's line behind a literal.</summary>
    Rest,

    /// <summary>An answer to a challenge of a SASL dialogue.</summary>
    Response,

    /// <summary>A message, a chunk or a literal: nothing in it is executed.</summary>
    Content,
}
