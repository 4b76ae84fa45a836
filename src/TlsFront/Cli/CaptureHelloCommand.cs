using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text;
using TlsFront.Compatibility;
using TlsFront.Configuration;
using TlsFront.Configuration.Schema;
using TlsFront.Connections;
using TlsFront.Listeners;
using TlsFront.Protocols;
using TlsFront.Tls;
using TlsFront.Tls.Hello;

namespace TlsFront.Cli;

/// <summary><c>tlsfront capture-hello</c>: records the ClientHello of the next client for <c>check-config --clients</c>.</summary>
internal sealed class CaptureHelloCommand
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(5);
    private static readonly DurationType Durations = new(TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));

    private readonly Option<IPEndPoint> _listen = new("--listen")
    {
        Description = "Where to wait: *:4465 for all addresses, 127.0.0.1:4465 or [::1]:4465",
        HelpName = "ADDRESS:PORT",
        Required = true,
        CustomParser = static result => Parse(result, TryParseAddress, out IPEndPoint? address) ? address : null,
    };

    private readonly Option<IPNetwork?> _from = new("--from")
    {
        Description = "Take a client of this address or network alone; the others are closed",
        HelpName = "NETWORK",
        CustomParser = static result => Parse(result, NetworkType.Instance.TryParse, out IPNetwork network) ? network : null,
    };

    private readonly Option<string?> _startTls = new("--starttls")
    {
        Description = "Speak this first, until the client asks for TLS: smtp, imap, pop3 or sieve",
        HelpName = "PROTOCOL",
    };

    private readonly Option<TimeSpan?> _timeout = new("--timeout")
    {
        Description = "Longest wait, 1s to 24h; 5m if absent",
        HelpName = "DURATION",
        CustomParser = static result => Parse(result, Durations.TryParse, out TimeSpan timeout) ? timeout : null,
    };

    private readonly Option<string?> _client = new("--client")
    {
        Description = "The client with its version, for the file; FILE's name if absent",
        HelpName = "NAME",
    };

    private readonly Option<string> _file = new("--output", "-o")
    {
        Description = $"The file to write, NAME{HelloFile.Extension}",
        HelpName = "FILE",
        Required = true,
    };

    private readonly TimeProvider _time;

    private CaptureHelloCommand(TimeProvider time)
    {
        _time = time;
        _startTls.AcceptOnlyFromAmong(
            [.. ProtocolProfile.All.Where(static profile => profile.StartTlsPort > 0).Select(static profile => profile.Name)]);
        _client.Validators.Add(static result =>
        {
            if (result.Tokens is [var token] && HelloFile.CheckValue(token.Value) is { } problem)
            {
                result.AddError($"--client {problem.Message}; {problem.Remedy}.");
            }
        });
        _file.Validators.Add(static result =>
        {
            if (result.Tokens is [var token] && !token.Value.EndsWith(HelloFile.Extension, StringComparison.Ordinal))
            {
                result.AddError($"-o {token.Value} has another ending than {HelloFile.Extension}, by which check-config --clients finds it.");
            }
        });
    }

    private delegate bool TryParse<T>(string text, [MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out ValueProblem? problem);

    public static Command Create(TimeProvider time)
    {
        var captured = new CaptureHelloCommand(time);
        var command = new Command("capture-hello", "Wait for a client, record its ClientHello in a file for check-config --clients, and refuse it.");
        Option[] options = [captured._listen, captured._from, captured._startTls, captured._timeout, captured._client, captured._file];
        Array.ForEach(options, command.Options.Add);
        command.SetAction(captured.CaptureAsync);
        return command;
    }

    /// <summary>Port 0, any that is free, is for whoever reads which one it was.</summary>
    private static bool TryParseAddress(
        string text, [NotNullWhen(true)] out IPEndPoint? value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        var any = text.EndsWith(":0", StringComparison.Ordinal);
        var isRead = new ListenAddressType().TryParse(any ? $"{text[..^1]}1" : text, out value, out problem);
        if (isRead && any)
        {
            value!.Port = 0;
        }

        return isRead;
    }

    private static bool Parse<T>(ArgumentResult result, TryParse<T> parse, [MaybeNullWhen(false)] out T value)
    {
        var text = result.Tokens[0].Value;
        var isRead = parse(text, out value, out var problem);
        if (!isRead)
        {
            result.AddError($"\"{text}\" {problem!.Message}; {problem.Remedy}.");
        }

        return isRead;
    }

    private async Task<int> CaptureAsync(ParseResult parsed, CancellationToken stop)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        var (path, timeout) = (parsed.GetRequiredValue(_file), parsed.GetValue(_timeout) ?? DefaultTimeout);
        using var deadline = new CancellationTokenSource(timeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stop);
        try
        {
            // First of all: nobody should have to ask the client a second time.
            using var file = new FreshFile(path);
            using var listener = Listen(parsed.GetRequiredValue(_listen));
            await output.WriteLineAsync($"waiting on {listener.LocalEndPoint} for {Durations.Format(timeout)}");
            var profile = parsed.GetValue(_startTls) is { } name ? ProtocolProfile.All.First(profile => profile.Name == name) : null;
            var records = await new HelloCapture(parsed.GetValue(_from), profile, _time, error.WriteLine).WaitAsync(listener, both.Token);
            var hello = new RecordedHello
            {
                Client = parsed.GetValue(_client) ?? Path.GetFileNameWithoutExtension(path),
                Recorded = DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime),
                Source = $"recorded by tlsfront capture-hello{(profile is null ? "" : $" behind STARTTLS of {profile.Title}")}",
                Records = records,
            };
            file.Complete(HelloFile.Format(hello));
            await output.WriteLineAsync($"{path}: {Describe(hello.Hello)}");
            return ExitCode.Success;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            await error.WriteLineAsync($"no hello within {Durations.Format(timeout)}; is the client set to this port, and may it reach it?");
        }
        catch (SocketException exception)
        {
            await error.WriteLineAsync(BindFailure.Describe("--listen", parsed.GetRequiredValue(_listen), exception));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"{path} cannot be written: {exception.Message}");
        }

        return ExitCode.Failure;
    }

    private static Socket Listen(IPEndPoint address)
    {
        address = BoundAddress.Of(address);
        var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.Address.Equals(IPAddress.IPv6Any))
            {
                listener.DualMode = true;
            }

            listener.Bind(address);
            listener.Listen();
            return listener;
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    private static string Describe(ClientHello hello) =>
        $"JA4 {Ja4.Of(hello)}, {hello.MaximumVersion?.Words() ?? "no known TLS version"}, {Amount.Of(hello.CipherSuites.Length, "cipher suite")}, "
        + $"groups {(hello.SupportedGroups.IsEmpty ? "not told" : KeyExchange.Describe(hello.SupportedGroups))}, "
        + $"server name {hello.ServerName ?? "not told"}";

    /// <summary>A file that is there as a whole or not at all.</summary>
    private sealed class FreshFile : IDisposable
    {
        private readonly string _path;
        private readonly string _fresh;
        private readonly FileStream _stream;

        public FreshFile(string path)
        {
            _path = path;
            _fresh = path + ".new";
            _stream = new FileStream(_fresh, FileMode.Create, FileAccess.Write);
        }

        public void Complete(string content)
        {
            _stream.Write(Encoding.UTF8.GetBytes(content));
            _stream.Flush(flushToDisk: true);
            File.Move(_fresh, _path, overwrite: true);
        }

        /// <summary>Where it was completed, nothing is left of it.</summary>
        public void Dispose()
        {
            _stream.Dispose();
            File.Delete(_fresh);
        }
    }
}
