using System.Text;
using System.Text.Unicode;
using TlsFront.Protocols.Access;
using TlsFront.Protocols.Introduction;

namespace TlsFront.Protocols.Imap;

/// <summary>
/// The fields of ID that Dovecot takes from <c>login_trusted_networks</c>: of the first ID of a connection alone, so the client's own, which is
/// stripped of such fields anyway, comes too late. Dovecot answers those it does not trust in the same words; that cannot be seen from here.
/// </summary>
internal sealed class ImapIntroduction : BackendIntroduction
{
    private bool _isSent;
    private bool _isMidLine;
    private int _literalLeft;

    /// <inheritdoc/>
    public override IntroductionProgress Read(ReadOnlySpan<byte> input, ref Emitter to, out int consumed)
    {
        consumed = Math.Min(_literalLeft, input.Length);
        _literalLeft -= consumed;
        while (input[consumed..].IndexOf((byte)'\n') + 1 is > 0 and var length)
        {
            var line = input.Slice(consumed, length);
            if (!_isSent)
            {
                return Begin(line, ref to, out consumed);
            }

            consumed += length;
            if (!_isMidLine && IsStatus(line, "*"u8, "BYE"u8))
            {
                return IntroductionProgress.Refused;
            }

            if (!_isMidLine && line.StartsWith("tlsfront "u8))
            {
                return IsStatus(line, "tlsfront"u8, "OK"u8) ? IntroductionProgress.Done : IntroductionProgress.Refused;
            }

            // As in a session: only the strings of ID can be literals, in the text of a status "{5}" is text.
            _isMidLine = (_isMidLine || IsStatus(line, "*"u8, "ID"u8)) & StringSyntax.EndsInLiteral(line.TrimEnd("\r\n"u8), out var literal, out _);
            if (_isMidLine)
            {
                var piece = Math.Min(literal, input.Length - consumed);
                consumed += piece;
                _literalLeft = literal - piece;
            }
        }

        return input.Length - consumed > MaxGreeting ? IntroductionProgress.Refused : IntroductionProgress.Pending;
    }

    private IntroductionProgress Begin(ReadOnlySpan<byte> line, ref Emitter to, out int consumed)
    {
        consumed = 0;
        if (!IsStatus(line, "*"u8, "OK"u8))
        {
            // A refusal is the session's business; PREAUTH would let it begin without an introduction.
            return IsStatus(line, "*"u8, "BYE"u8) ? IntroductionProgress.Done : IntroductionProgress.Refused;
        }

        if (!Keep(line))
        {
            return IntroductionProgress.Refused;
        }

        var (client, local) = (to.Facts.Client, to.Facts.Local);
        Span<byte> command = stackalloc byte[1024];
        Utf8.TryWrite(
            command,
            $"tlsfront ID (\"x-originating-ip\" \"{client.Address}\" \"x-originating-port\" \"{client.Port}\" "
            + $"\"x-connected-ip\" \"{local.Address}\" \"x-connected-port\" \"{local.Port}\" \"x-session-id\" \"{to.Facts.Id}\")\r\n",
            out var written);
        to.ToBackend(command[..written]);
        _isSent = true;
        consumed = line.Length;
        return IntroductionProgress.Pending;
    }

    private static bool IsStatus(ReadOnlySpan<byte> line, ReadOnlySpan<byte> tag, ReadOnlySpan<byte> status) =>
        CommandSyntax.SplitWord(line.TrimEnd("\r\n"u8), out var rest).SequenceEqual(tag)
        && Ascii.EqualsIgnoreCase(CommandSyntax.SplitWord(rest, out _), status);
}
