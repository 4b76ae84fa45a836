using System.Net;
using System.Text;
using Microsoft.AspNetCore.Connections;
using TlsFront.Backends;
using TlsFront.Protocols;
using TlsFront.Protocols.Sasl;

namespace TlsFront.Diagnosis;

/// <summary>
/// Asks a server that greets what it offers, and an SMTP server whether it would relay: without a login, without data, and with a polite end.
/// </summary>
internal static class Interview
{
    /// <summary>Somebody elsewhere: a domain that takes no mail (RFC 2606), for a message that is never sent.</summary>
    public const string Recipient = "postmaster@example.org";

    /// <summary>A client nobody can have, of TEST-NET-1 (RFC 5737).</summary>
    public static readonly IPEndPoint Stranger = new(IPAddress.Parse("192.0.2.93"), 50993);

    /// <summary>The whole conversation on a new connection; what it shows is added to <paramref name="begun"/>.</summary>
    public static async Task<Observation> RunAsync(ConnectionContext connection, MailProtocol protocol, string hostName, Observation begun, CancellationToken deadline)
    {
        if (protocol == MailProtocol.Tcp)
        {
            // Who speaks first is not known: a connection is all there is to see.
            return begun with { Opening = Opening.Ready };
        }

        var greeting = await GreetingReader.ReadAsync(connection.Transport.Input, protocol, deadline);
        var seen = begun with { Opening = greeting.Opening, Line = greeting.Line };
        if (greeting.Opening != Opening.Ready)
        {
            return seen;
        }

        var conversation = new Conversation(connection.Transport, deadline);
        var silence = Opening.Closed;
        try
        {
            seen = await AskAsync(conversation, protocol, seen, hostName);
            if (protocol == MailProtocol.Smtp && seen.Offers.HasFlag(Offers.Known))
            {
                seen = await AskToRelayAsync(conversation, seen);
            }

            await conversation.EndAsync(ProbeDialogue.Goodbye(protocol));
        }
        catch (OperationCanceledException)
        {
            silence = Opening.Silent;
        }
        catch (IOException)
        {
            // What was said by then is known.
        }

        return conversation.IsAnswered ? seen : seen with { Opening = silence };
    }

    private static async Task<Observation> AskAsync(Conversation server, MailProtocol protocol, Observation seen, string hostName) => protocol switch
    {
        MailProtocol.Smtp => AskedSmtp(seen, await server.AskAsync($"EHLO {hostName}", IsLast)),
        MailProtocol.Imap => AskedImap(seen, await server.AskAsync("d1 CAPABILITY", static line => line.StartsWith("d1 ", StringComparison.OrdinalIgnoreCase) || line.StartsWith("* BAD", StringComparison.OrdinalIgnoreCase))),
        _ => AskedPop3(seen, await server.AskAsync("CAPA", static line => line == "." || line.StartsWith("-ERR", StringComparison.OrdinalIgnoreCase))),
    };

    private static Observation AskedSmtp(Observation seen, IReadOnlyList<string> offers)
    {
        if (offers is not [.., var last] || !IsLast(last) || !last.StartsWith("250", StringComparison.Ordinal))
        {
            // Exim greets, and then says at every command that it wanted a header.
            var refused = RefusedHeader(seen, MailProtocol.Smtp, offers);
            return refused.Opening == Opening.Ready && offers is [.., var words] && IsLast(words) ? refused with { Opening = Opening.Refusal, Line = words } : refused;
        }

        foreach (var offer in offers.Skip(1).Select(static line => line.Length > 4 ? line[4..] : ""))
        {
            seen = Offering(seen, Judge(offer, "STARTTLS", "AUTH"));
        }

        return Offering(seen, Offers.Known) with { OfferLine = string.Join(", ", offers.Skip(1).Select(static line => line.Length > 4 ? line[4..] : "")) };
    }

    /// <summary>The null sender (RFC 5321 section 4.5.5), whom no server may refuse for himself; RSET before anything could be sent.</summary>
    private static async Task<Observation> AskToRelayAsync(Conversation server, Observation seen)
    {
        if (await server.AskAsync("MAIL FROM:<>", IsLast) is not [.., var sender])
        {
            return seen;
        }

        if (!sender.StartsWith('2'))
        {
            return (sender.StartsWith("530", StringComparison.Ordinal) && sender.Contains("STARTTLS", StringComparison.OrdinalIgnoreCase) ? Offering(seen, Offers.StartTlsRequired) : seen) with { RelayLine = sender };
        }

        if (await server.AskAsync($"RCPT TO:<{Recipient}>", IsLast) is [.., var answer])
        {
            seen = (answer.StartsWith('2') ? Offering(seen, Offers.Relay) : seen) with { RelayLine = answer };
            await server.AskAsync("RSET", IsLast);
        }

        return seen;
    }

    /// <summary>Cyrus takes the end of the header and our command for one line: its BAD, which has no tag then, is all the answer there is.</summary>
    private static Observation AskedImap(Observation seen, IReadOnlyList<string> answer)
    {
        if (answer.FirstOrDefault(static line => line.StartsWith("* CAPABILITY ", StringComparison.OrdinalIgnoreCase)) is not { } list)
        {
            return RefusedHeader(seen, MailProtocol.Imap, answer);
        }

        var words = list.Split(' ');
        var isDisabled = words.Contains("LOGINDISABLED", StringComparer.OrdinalIgnoreCase);
        seen = Offering(seen, Offers.Known | (isDisabled ? Offers.LoginDisabled : Offers.Login)) with { OfferLine = list };
        seen = words.Contains("STARTTLS", StringComparer.OrdinalIgnoreCase) ? Offering(seen, Offers.StartTls) : seen;
        return RefusedHeader(seen, MailProtocol.Imap, answer);
    }

    private static Observation AskedPop3(Observation seen, IReadOnlyList<string> answer)
    {
        if (answer is not [var first, .., "."] || !first.StartsWith('+'))
        {
            return RefusedHeader(seen, MailProtocol.Pop3, answer);
        }

        var list = answer.Skip(1).Where(static line => line != ".").ToList();
        seen = Offering(seen, Offers.Known) with { OfferLine = string.Join(", ", list) };
        foreach (var line in list)
        {
            seen = Offering(seen, line.Trim().Equals("USER", StringComparison.OrdinalIgnoreCase) ? Offers.Login : Judge(line, "STLS", "SASL"));
        }

        return seen;
    }

    /// <summary>One line of a list. "AUTH=PLAIN" is how servers wrote it before RFC 2554.</summary>
    private static Offers Judge(string line, string startTls, string mechanisms)
    {
        var words = line.Split([' ', '='], StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? Offers.None
            : words[0].Equals(startTls, StringComparison.OrdinalIgnoreCase) ? Offers.StartTls
            : words[0].Equals(mechanisms, StringComparison.OrdinalIgnoreCase) && words.Skip(1).Any(Works) ? Offers.Login
            : Offers.None;
    }

    private static Observation RefusedHeader(Observation seen, MailProtocol protocol, IReadOnlyList<string> answer) =>
        seen.HasHeader && ProbeDialogue.IsHeaderRefused(protocol, Encoding.ASCII.GetBytes(string.Join('\n', answer)))
            ? seen with { Opening = Opening.HeaderRefused, Line = answer.First(line => protocol != MailProtocol.Imap || line.Contains("BAD", StringComparison.Ordinal)) }
            : seen;

    private static Observation Offering(Observation seen, Offers offer) => seen with { Offers = seen.Offers | offer };

    private static bool Works(string mechanism) => SaslMechanisms.SurvivesTermination(Encoding.ASCII.GetBytes(mechanism));

    private static bool IsLast(string reply) => reply.Length < 4 || reply[3] != '-';
}
