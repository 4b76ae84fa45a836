using System.Net;
using System.Text;
using Microsoft.AspNetCore.Connections;
using TlsFront.Backends.Probes;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Protocols.Smtp;

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
    /// <param name="connection">The connection.</param>
    /// <param name="protocol">What should be spoken.</param>
    /// <param name="hostName">The gateway's name.</param>
    /// <param name="introduced">Whom the server is told of in its own protocol; null if it is not.</param>
    /// <param name="begun">What is known so far.</param>
    /// <param name="now">The time.</param>
    /// <param name="deadline">Until when.</param>
    public static async Task<Observation> RunAsync(
        ConnectionContext connection, MailProtocol protocol, string hostName, SessionFacts? introduced, Observation begun, DateTimeOffset now,
        CancellationToken deadline)
    {
        var profile = ProtocolProfile.Of(protocol);
        if (!profile.IsUnderstood)
        {
            return begun with { Opening = Opening.Ready };
        }

        var greeting = introduced is null
            ? await GreetingReader.ReadAsync(connection.Transport.Input, protocol, deadline)
            : await IntroducedGreeting.ReadAsync(connection.Transport, protocol, introduced, now, deadline);
        var seen = begun with { Opening = greeting.Opening, Line = greeting.Line };
        if (greeting.Opening != Opening.Ready)
        {
            return seen;
        }

        var conversation = new Conversation(connection.Transport.Input, connection.Transport.Output, deadline);
        var silence = Opening.Closed;
        try
        {
            seen = Asked(profile, seen, await conversation.AskAsync(profile.CapabilityCommand(hostName), profile.EndsCapabilities));
            if (profile.IsSubmission && seen.Offers.HasFlag(Offers.Known))
            {
                seen = await AskToRelayAsync(conversation, seen);
            }

            await conversation.EndAsync(profile.Farewell);
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

    private static Observation Asked(ProtocolProfile profile, Observation seen, IReadOnlyList<string> answer)
    {
        var capabilities = profile.ReadCapabilities(answer);
        if (capabilities is not null)
        {
            var offers = Offers.Known
                | (capabilities.OffersStartTls ? Offers.StartTls : Offers.None)
                | (capabilities.OffersLogin ? Offers.Login : Offers.None)
                | (capabilities.ForbidsLogin ? Offers.LoginDisabled : Offers.None);
            seen = Offering(seen, offers) with { OfferLine = capabilities.Text };
        }

        if (seen.HasHeader && profile.IsHeaderRefused(Encoding.ASCII.GetBytes(string.Join('\n', answer))))
        {
            return seen with { Opening = Opening.HeaderRefused, Line = answer.First(line => profile.IsHeaderRefused(Encoding.ASCII.GetBytes(line))) };
        }

        // Exim greets, and then says at every command that it wanted a header.
        return capabilities is null && profile.IsSubmission && answer is [.., var words] && SmtpProfile.IsLast(words)
            ? seen with { Opening = Opening.Refusal, Line = words }
            : seen;
    }

    /// <summary>The null sender (RFC 5321 section 4.5.5), whom no server may refuse for himself; RSET before anything could be sent.</summary>
    private static async Task<Observation> AskToRelayAsync(Conversation server, Observation seen)
    {
        if (await server.AskAsync("MAIL FROM:<>", SmtpProfile.IsLast) is not [.., var sender])
        {
            return seen;
        }

        if (!sender.StartsWith('2'))
        {
            var wantsTls = sender.StartsWith("530", StringComparison.Ordinal) && sender.Contains("STARTTLS", StringComparison.OrdinalIgnoreCase);
            return (wantsTls ? Offering(seen, Offers.StartTlsRequired) : seen) with { RelayLine = sender };
        }

        if (await server.AskAsync($"RCPT TO:<{Recipient}>", SmtpProfile.IsLast) is [.., var answer])
        {
            seen = (answer.StartsWith('2') ? Offering(seen, Offers.Relay) : seen) with { RelayLine = answer };
            await server.AskAsync("RSET", SmtpProfile.IsLast);
        }

        return seen;
    }

    private static Observation Offering(Observation seen, Offers offer) => seen with { Offers = seen.Offers | offer };
}
