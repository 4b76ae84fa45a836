using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Unicode;
using TlsFront.Protocols.Introduction;

namespace TlsFront.Protocols.Smtp;

/// <summary>
/// XCLIENT of Postfix, Haraka and Dovecot. The server begins anew behind it: with a greeting, which is the one the client gets, and without anything
/// that was said before. Only attributes that it offers are named, and never LOGIN: who logs in is between the client and the server.
/// </summary>
internal sealed class SmtpIntroduction : BackendIntroduction
{
    private State _state;

    private enum State : byte
    {
        Greeting,
        Ehlo,
        XClient,
    }

    /// <inheritdoc/>
    public override IntroductionProgress Read(ReadOnlySpan<byte> input, ref Emitter to, out int consumed)
    {
        consumed = 0;
        if (!ReplyLine.TryFindReply(input, out var length, out var reply, out var malformed))
        {
            return malformed ? IntroductionProgress.Refused : IntroductionProgress.Pending;
        }

        switch (_state)
        {
            case State.Greeting when reply.Code != 220:
                // A refusal is the session's business; a greeting that is none would let it begin without an introduction.
                return reply.IsPositive ? IntroductionProgress.Refused : IntroductionProgress.Done;
            case State.Greeting:
                Say("EHLO ", to.Facts.HostName, ref to);
                _state = State.Ehlo;
                break;
            case State.Ehlo:
                if (!reply.IsPositive || Offer(input[..length]) is not { IsEmpty: false } attributes || !Has(attributes, "ADDR"u8))
                {
                    return IntroductionProgress.Refused;
                }

                Introduce(attributes, ref to);
                _state = State.XClient;
                break;
            default:
                // From here on the server judges the client, as in any greeting: what it says now, 220, 421 or 554, is the session's business.
                return reply.Code is 220 or 554 or (>= 400 and < 500) ? IntroductionProgress.Done : IntroductionProgress.Refused;
        }

        consumed = length;
        return IntroductionProgress.Pending;
    }

    private static ReadOnlySpan<byte> Offer(ReadOnlySpan<byte> reply)
    {
        foreach (var range in reply.Split((byte)'\n'))
        {
            var line = reply[range].TrimEnd("\r "u8);
            if (line.Length > 12 && Ascii.EqualsIgnoreCase(line[4..12], "XCLIENT "u8))
            {
                return line[12..];
            }
        }

        return default;
    }

    private static bool Has(ReadOnlySpan<byte> attributes, ReadOnlySpan<byte> name)
    {
        foreach (var range in attributes.Split((byte)' '))
        {
            if (Ascii.EqualsIgnoreCase(attributes[range], name))
            {
                return true;
            }
        }

        return false;
    }

    private static void Introduce(ReadOnlySpan<byte> attributes, ref Emitter to)
    {
        var (client, local) = (to.Facts.Client, to.Facts.Local);
        var command = new StringBuilder("XCLIENT");
        Add(attributes, "NAME", "[UNAVAILABLE]", command);
        Add(attributes, "ADDR", Address(client.Address), command);
        Add(attributes, "PORT", $"{client.Port}", command);
        Add(attributes, "DESTADDR", Address(local.Address), command);
        Add(attributes, "DESTPORT", $"{local.Port}", command);
        // Dovecot's: its log has our id.
        Add(attributes, "SESSION", to.Facts.Id, command);
        Say(command.ToString(), "", ref to);
    }

    private static void Add(ReadOnlySpan<byte> offered, string name, string value, StringBuilder command)
    {
        if (Has(offered, Encoding.ASCII.GetBytes(name)))
        {
            command.Append(' ').Append(name).Append('=').Append(value);
        }
    }

    private static string Address(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? $"IPV6:{address}" : $"{address}";

    private static void Say(string command, string argument, ref Emitter to)
    {
        Span<byte> line = stackalloc byte[1024];
        Utf8.TryWrite(line, $"{command}{argument}\r\n", out var length);
        to.ToBackend(line[..length]);
    }
}
