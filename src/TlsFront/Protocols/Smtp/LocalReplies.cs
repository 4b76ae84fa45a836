using System.Text.Unicode;

namespace TlsFront.Protocols.Smtp;

/// <summary>The words of <see cref="LocalReply"/>. Nothing a client sent is ever repeated in them.</summary>
internal static class LocalReplies
{
    /// <summary>Longest reply: a host name of 255 octets and the words around it.</summary>
    public const int MaxLength = 340;

    /// <summary>Sends <paramref name="reply"/> to the client.</summary>
    public static void Emit(LocalReply reply, ref Emitter to)
    {
        var words = Words(reply);
        if (words.Length > 0)
        {
            to.ToClient(words);
            return;
        }

        var (status, text) = Farewell(reply);
        Span<byte> line = stackalloc byte[MaxLength];
        Utf8.TryWrite(line, $"421 {status} {to.Facts.HostName} {text}\r\n", out var length);
        to.ToClient(line[..length]);
    }

    private static ReadOnlySpan<byte> Words(LocalReply reply) => reply switch
    {
        LocalReply.Ok => "250 2.0.0 Ok\r\n"u8,
        LocalReply.HelloWithoutName => "501 5.5.4 Syntax: EHLO hostname\r\n"u8,
        LocalReply.TlsRequired => "530 5.7.0 Must issue a STARTTLS command first\r\n"u8,
        LocalReply.TlsUnavailable => "454 4.7.0 TLS is not available\r\n"u8,
        LocalReply.StartTlsArguments => "501 5.5.4 STARTTLS takes no arguments\r\n"u8,
        LocalReply.DataBehindStartTls => "554 5.5.0 Data sent behind STARTTLS\r\n"u8,
        LocalReply.AuthenticationRequired => "530 5.7.0 Authentication required\r\n"u8,
        LocalReply.NotImplemented => "502 5.5.1 Command not implemented\r\n"u8,
        LocalReply.TlsActive => "503 5.5.1 Not possible now\r\n"u8,
        LocalReply.AlreadyAuthenticated => "503 5.5.1 Already authenticated\r\n"u8,
        LocalReply.MalformedLogin => "501 5.5.4 Syntax error in AUTH\r\n"u8,
        LocalReply.MechanismUnsupported => "504 5.5.4 Unrecognized authentication type\r\n"u8,
        LocalReply.ParameterUnsupported => "555 5.5.4 MAIL parameter is not offered\r\n"u8,
        LocalReply.SyntaxError => "500 5.5.2 Syntax error\r\n"u8,
        LocalReply.MalformedChunk => "501 5.5.4 Syntax error in BDAT\r\n"u8,
        LocalReply.ChunkTooLarge => "501 5.5.4 BDAT chunk is too large\r\n"u8,
        LocalReply.ChunkingNotOffered => "503 5.5.1 BDAT is not offered\r\n"u8,
        LocalReply.NoTransaction => "503 5.5.1 Send MAIL first\r\n"u8,
        LocalReply.TransactionDead => "503 5.5.1 Send RSET first\r\n"u8,
        LocalReply.MessageTooLarge => "552 5.3.4 Message is too large\r\n"u8,
        LocalReply.LineTooLong => "500 5.5.2 Line too long\r\n"u8,
        LocalReply.AuthenticationLineTooLong => "500 5.5.6 Authentication exchange line is too long\r\n"u8,
        LocalReply.BareNewline => "500 5.5.2 Line with a bare CR, LF or NUL\r\n"u8,
        LocalReply.OutOfStep => "554 5.5.0 Data sent before the reply to DATA\r\n"u8,
        LocalReply.MessageRefused => "550 5.6.0 Message contains a bare CR, LF or NUL\r\n"u8,
        _ => [],
    };

    private static (string Status, string Text) Farewell(LocalReply reply) => reply switch
    {
        LocalReply.Unavailable => ("4.3.2", "Service not available, try again later"),
        LocalReply.ShuttingDown => ("4.3.2", "Service shutting down"),
        LocalReply.BackendGone => ("4.3.0", "Service closing connection, try again later"),
        LocalReply.Timeout => ("4.4.2", "Timeout, closing connection"),
        LocalReply.NotSmtp => ("4.7.0", "This is SMTP, closing connection"),
        LocalReply.TooManyErrors => ("4.7.0", "Error: too many errors"),
        LocalReply.SmugglingEnds => ("4.7.0", "Closing connection after a refused message"),
        _ => throw new ArgumentOutOfRangeException(nameof(reply), reply, null),
    };
}
