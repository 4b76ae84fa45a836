using System.Text;
using System.Text.Unicode;
using TlsFront.Protocols.Introduction;

namespace TlsFront.Protocols.Pop3;

/// <summary>
/// Dovecot's XCLIENT with POP3, to a server whose greeting says that it takes it from us: to others it says <c>+OK</c> too, and ignores it.
/// </summary>
internal sealed class Pop3Introduction : BackendIntroduction
{
    private bool _isSent;

    /// <inheritdoc/>
    public override IntroductionProgress Read(ReadOnlySpan<byte> input, ref Emitter to, out int consumed)
    {
        consumed = 0;
        var length = input.IndexOf((byte)'\n') + 1;
        if (length == 0)
        {
            return input.Length > MaxGreeting ? IntroductionProgress.Refused : IntroductionProgress.Pending;
        }

        var line = input[..length];
        if (_isSent)
        {
            consumed = length;
            return line.StartsWith("+OK"u8) ? IntroductionProgress.Done : IntroductionProgress.Refused;
        }

        if (!line.StartsWith("+OK"u8))
        {
            return IntroductionProgress.Done;
        }

        if (line.Length < Mark.Length || !Ascii.EqualsIgnoreCase(line[..Mark.Length], Mark) || !Keep(line))
        {
            return IntroductionProgress.Refused;
        }

        var client = to.Facts.Client;
        Span<byte> command = stackalloc byte[512];
        Utf8.TryWrite(command, $"XCLIENT ADDR={client.Address} PORT={client.Port} SESSION={to.Facts.Id}\r\n", out var written);
        to.ToBackend(command[..written]);
        _isSent = true;
        consumed = length;
        return IntroductionProgress.Pending;
    }

    private static ReadOnlySpan<byte> Mark => "+OK [XCLIENT]"u8;
}
