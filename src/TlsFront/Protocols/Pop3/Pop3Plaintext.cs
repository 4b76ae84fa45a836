using System.Text;
using System.Text.Unicode;
using TlsFront.Connections;
using TlsFront.Protocols.Access;
using TlsFront.Protocols.StartTls;

namespace TlsFront.Protocols.Pop3;

/// <summary>
/// POP3 before STLS (RFC 2595 section 4). The greeting has no timestamp: APOP would need the backend's, and no second greeting follows TLS.
/// </summary>
internal sealed class Pop3Plaintext : PlaintextDialogue
{
    /// <summary>Whom the next line may have the password of.</summary>
    private string? _user;

    /// <inheritdoc/>
    public override void Greet(ref Emitter to)
    {
        Span<byte> line = stackalloc byte[512];
        Utf8.TryWrite(line, $"+OK {to.Facts.HostName} ready\r\n", out var length);
        to.ToClient(line[..length]);
    }

    /// <inheritdoc/>
    public override void Agree(ref Emitter to) => to.ToClient("+OK Begin TLS\r\n"u8);

    /// <inheritdoc/>
    public override void SayGoodbye(CloseReason reason, ref Emitter to) => to.ToClient(Pop3Profile.Goodbye(reason));

    /// <inheritdoc/>
    protected override PlaintextRequest ReadLine(ReadOnlySpan<byte> line, ref Emitter to)
    {
        if (CommandSyntax.IsHttpRequest(line) || (line.Length > 0 && CommandSyntax.IsForeign(line[0])))
        {
            return PlaintextRequest.Abort;
        }

        var verb = CommandSyntax.SplitWord(line, out _);
        if (Ascii.EqualsIgnoreCase(verb, "CAPA"u8))
        {
            to.ToClient(OffersTls ? "+OK\r\nSTLS\r\n"u8 : "+OK\r\n"u8);
            if (Mechanisms is not null)
            {
                to.ToClient(Encoding.ASCII.GetBytes(Mechanisms.Count == 0 ? "USER\r\n" : $"USER\r\nSASL {string.Join(' ', Mechanisms)}\r\n"));
            }

            to.ToClient("RESP-CODES\r\nPIPELINING\r\n.\r\n"u8);
        }
        else if (Ascii.EqualsIgnoreCase(verb, "NOOP"u8))
        {
            to.ToClient("+OK\r\n"u8);
        }
        else if (Ascii.EqualsIgnoreCase(verb, "QUIT"u8))
        {
            to.ToClient("+OK Bye\r\n"u8);
            return PlaintextRequest.Leave;
        }
        else if (Ascii.EqualsIgnoreCase(verb, "STLS"u8))
        {
            if (OffersTls && verb.Length == line.Length)
            {
                return PlaintextRequest.StartTls;
            }

            to.ToClient(OffersTls ? "-ERR STLS takes no arguments\r\n"u8 : "-ERR [SYS/TEMP] TLS is not available\r\n"u8);
        }
        else if (OffersLogin && (Ascii.EqualsIgnoreCase(verb, "USER"u8) || Ascii.EqualsIgnoreCase(verb, "AUTH"u8)))
        {
            HasExposedCredentials = CleartextLogin.IsPop3(line, out var account);
            ExposedUser = account;
            return PlaintextRequest.LogIn;
        }
        else
        {
            HasExposedCredentials = CleartextLogin.IsPop3(line, out var user) || IsResponse(line);
            ExposedUser = HasExposedCredentials ? user ?? _user : null;
            _user = CleartextLogin.UserOfPop3(line);
            AwaitsResponse |= Ascii.EqualsIgnoreCase(verb, "AUTH"u8) && !HasExposedCredentials;
            // No response code: [AUTH] would say that the credentials are wrong (RFC 3206).
            to.ToClient("-ERR TLS is required\r\n"u8);
        }

        return PlaintextRequest.Answered;
    }
}
