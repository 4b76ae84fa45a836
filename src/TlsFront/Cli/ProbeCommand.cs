using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using TlsFront.Backends.Probes;
using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Cli;

/// <summary><c>tlsfront probe</c>: what a client sees at a port, from wherever it is asked: TLS, certificate, greeting. It never logs in.</summary>
internal static class ProbeCommand
{
    /// <summary>Time for connecting, TLS and greeting. A server that looks its clients up in blocklists may take most of it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static Command Create(TimeProvider time)
    {
        var targets = new Argument<ProbeTarget[]>("url")
        {
            Description = "submissions://HOST[:PORT], imaps://HOST[:PORT], pop3s://HOST[:PORT], sieves://HOST[:PORT] or tls://HOST:PORT; "
                + "with STARTTLS smtp://, imap://, pop3:// or sieve://HOST[:PORT]",
            Arity = ArgumentArity.OneOrMore,
            CustomParser = Parse,
        };
        var serverName = new Option<string?>("--server-name")
        {
            Description = "Ask for this name, and verify it, in place of HOST",
            HelpName = "NAME"
        };
        var insecure = new Option<bool>("--insecure") { Description = "Take any certificate" };
        var command = new Command("probe", "Connect as a mail client does and say what is there: TLS version and cipher, certificate, greeting.");
        command.Arguments.Add(targets);
        command.Options.Add(serverName);
        command.Options.Add(insecure);
        command.SetAction(async (parsed, stop) =>
        {
            var exitCode = ExitCode.Success;
            foreach (var target in parsed.GetValue(targets)!)
            {
                var problem = await ProbeAsync(
                    target, parsed.GetValue(serverName) ?? target.Host, parsed.GetValue(insecure), time, parsed.InvocationConfiguration.Output, stop);
                if (problem is not null)
                {
                    await parsed.InvocationConfiguration.Error.WriteLineAsync($"{target}: {problem}");
                    exitCode = ExitCode.Failure;
                }
            }

            return exitCode;
        });
        return command;
    }

    private static ProbeTarget[]? Parse(ArgumentResult result)
    {
        var targets = new List<ProbeTarget>();
        foreach (var token in result.Tokens)
        {
            if (ProbeTarget.Parse(token.Value) is not { } target)
            {
                result.AddError(
                    $"\"{token.Value}\" is nothing that can be probed; "
                    + "write imaps://mail.example.com, or submissions://, pop3s://, sieves://, or tls://HOST:PORT; "
                    + "with STARTTLS smtp://, imap://, pop3:// or sieve://");
                return null;
            }

            targets.Add(target);
        }

        return [.. targets];
    }

    /// <summary>Probes one port; what is wrong, or null.</summary>
    private static async Task<string?> ProbeAsync(
        ProbeTarget target, string serverName, bool takesAny, TimeProvider time, TextWriter output, CancellationToken stop)
    {
        using var deadline = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stop);
        var errors = SslPolicyErrors.None;
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(target.Host, target.Port, both.Token);
            await using var stream = new NetworkStream(socket);
            if (target.StartsTls && await StartTlsClient.BeginAsync(stream, target.Protocol, serverName, both.Token) is { } refusal)
            {
                return refusal;
            }

            await using var tls = new SslStream(stream);
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = serverName,
                    RemoteCertificateValidationCallback = (_, _, _, found) =>
                    {
                        errors = found;
                        return takesAny || found == SslPolicyErrors.None;
                    },
                },
                both.Token);
            using var certificate = new X509Certificate2(tls.RemoteCertificate!);
            var greeting = new Greeting(Opening.Ready);
            string? problem = null;
            if (target.StartsTls)
            {
                problem = await StartTlsClient.AskAsync(tls, target.Protocol, serverName, both.Token);
            }
            else if (ProtocolProfile.Of(target.Protocol).IsUnderstood)
            {
                greeting = await GreetingReader.ReadAsync(
                    PipeReader.Create(tls, new StreamPipeReaderOptions(leaveOpen: true)), target.Protocol, both.Token);
                await tls.WriteAsync(ProtocolProfile.Of(target.Protocol).Farewell, both.Token);
            }

            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{target}: TLS {Version(tls.SslProtocol)} {tls.NegotiatedCipherSuite}, "
                + $"{certificate.GetNameInfo(X509NameType.DnsName, forIssuer: false)} until "
                + $"{certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}{(greeting.Line.Length > 0 ? $", {greeting.Line}" : "")}"));
            var result = ProbeResult.Of(greeting, target.Protocol);
            return result.IsGood ? problem : result.Words;
        }
        catch (AuthenticationException exception)
        {
            return Words(errors, serverName) ?? exception.InnerException?.Message ?? exception.Message;
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return exception.InnerException?.Message ?? exception.Message;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return $"no answer in {Patience.TotalSeconds} s";
        }
    }

    private static string Version(SslProtocols protocol) => protocol switch
    {
        SslProtocols.Tls13 => TlsVersion.Tls13.Number(),
        SslProtocols.Tls12 => TlsVersion.Tls12.Number(),
        _ => $"{protocol}",
    };

    private static string? Words(SslPolicyErrors errors, string serverName) => errors switch
    {
        SslPolicyErrors.None => null,
        SslPolicyErrors.RemoteCertificateNameMismatch => $"its certificate is not for {serverName}",
        SslPolicyErrors.RemoteCertificateChainErrors =>
            "its certificate is not trusted here: expired, self-signed, of an unknown authority, or without its intermediate",
        _ => $"its certificate is neither for {serverName} nor trusted here",
    };
}
