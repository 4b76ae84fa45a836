using System.Buffers;

namespace TlsFront.Protocols.Sasl;

/// <summary>
/// What a client may send inside a SASL exchange of any protocol (RFC 4954 section 8, RFC 5034 section 6, RFC 9051 section 9, RFC 5804 section 4).
/// <para>Only this is forwarded: a server that gave the exchange up meanwhile, or never began it, reads the line as a command, and no
/// command with an argument can be written in base64.</para>
/// </summary>
internal static class SaslResponse
{
    private static readonly SearchValues<byte> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8);

    /// <summary>Whether <paramref name="argument"/> can follow the mechanism's name: base64, or <c>=</c> for the empty response.</summary>
    public static bool IsInitial(ReadOnlySpan<byte> argument) => argument.SequenceEqual("="u8) || (!argument.IsEmpty && IsBase64(argument));

    /// <summary>Whether <paramref name="line"/> can answer a challenge: base64, nothing, <c>=</c>, or <c>*</c>.</summary>
    public static bool IsAnswer(ReadOnlySpan<byte> line) => line.IsEmpty || IsCancellation(line) || IsInitial(line);

    /// <summary>Whether <paramref name="line"/> cancels the exchange.</summary>
    public static bool IsCancellation(ReadOnlySpan<byte> line) => line.SequenceEqual("*"u8);

    // Whether the length is a multiple of four is left to the server: some accept what lacks its padding, and none reads it as two words.
    private static bool IsBase64(ReadOnlySpan<byte> text)
    {
        var padding = text.EndsWith("=="u8) ? 2 : text.EndsWith("="u8) ? 1 : 0;
        return text.Length > padding && !text[..^padding].ContainsAnyExcept(Alphabet);
    }
}
