using System.IO.Pipelines;
using TlsFront.Backends.Probes;
using TlsFront.Protocols;

namespace TlsFront.Cli;

/// <summary>
/// The way to TLS by STARTTLS as a client goes it, and the first question behind it. A server greets once; the list with which one of ManageSieve
/// does so again answers the question as well.
/// </summary>
internal static class StartTlsClient
{
    /// <summary>Negotiates STARTTLS up to the server's agreement. Returns why it failed, or null.</summary>
    public static async Task<string?> BeginAsync(Stream stream, MailProtocol protocol, string hostName, CancellationToken deadline)
    {
        var profile = ProtocolProfile.Of(protocol);
        var (input, output) = Open(stream);
        var greeting = await GreetingReader.ReadAsync(input, protocol, deadline);
        if (ProbeResult.Of(greeting, protocol) is { IsGood: false } bad)
        {
            return bad.Words;
        }

        var conversation = new Conversation(input, output, deadline);
        var offer = profile.ReadCapabilities(await conversation.AskAsync(profile.CapabilityCommand(hostName), profile.EndsCapabilities));
        if (offer is { OffersStartTls: false })
        {
            return $"it does not offer {profile.StartTlsCommand.Split(' ')[^1]}: {offer.Text}";
        }

        var answer = await conversation.AskAsync(profile.StartTlsCommand, line => profile.AgreesToStartTls(line) is not null);
        if (answer is not [.., var last] || profile.AgreesToStartTls(last) != true)
        {
            return answer is [.., var refusal] ? $"it refuses TLS: {refusal}" : "it ended the connection instead of starting TLS";
        }

        // Whoever is on the way may have put it there (CVE-2021-38371).
        return input.TryRead(out var more) && !more.Buffer.IsEmpty ? "it said more in cleartext behind its answer to STARTTLS" : null;
    }

    /// <summary>Asks for the capabilities inside TLS and says goodbye. Returns what is wrong, or null.</summary>
    public static async Task<string?> AskAsync(Stream stream, MailProtocol protocol, string hostName, CancellationToken deadline)
    {
        var profile = ProtocolProfile.Of(protocol);
        var (input, output) = Open(stream);
        var conversation = new Conversation(input, output, deadline);
        var answer = await conversation.AskAsync(profile.CapabilityCommand(hostName), profile.EndsCapabilities);
        if (profile.ReadCapabilities(answer) is not { } offer)
        {
            return answer is [var first, ..] ? $"behind TLS it says: {first}" : "it ended the connection behind TLS";
        }

        await stream.WriteAsync(profile.Farewell, deadline);
        return offer.OffersStartTls ? "it offers STARTTLS inside TLS" : null;
    }

    private static (PipeReader Input, PipeWriter Output) Open(Stream stream) => (
        PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true)),
        PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true)));
}
