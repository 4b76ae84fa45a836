using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Cli;
using TlsFront.Compatibility;
using TlsFront.Tests.Functional;
using TlsFront.Tests.Tls;

namespace TlsFront.Tests.Cli;

/// <summary><c>tlsfront capture-hello</c>, whatever connects to it.</summary>
public sealed class CaptureHelloCommandTests : IDisposable
{
    private static readonly byte[] Hello = new HelloBuilder().ServerName("mail.example.org").Versions(0x0304).Groups(29).Signatures(0x0403).Record();

    private readonly string _folder = Directory.CreateTempSubdirectory("tlsfront-capture-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 12, 1, 23, 30, 0, TimeSpan.Zero));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_hello_of_a_client_is_written_and_the_client_gets_an_alert()
    {
        using var capture = await StartAsync("--client", "A client, 1.0");
        await using var stream = await capture.ConnectAsync();
        await using var tls = new SslStream(stream);

        var failure = await Assert.ThrowsAnyAsync<AuthenticationException>(() => tls.AuthenticateAsClientAsync("imap.example.net"));

        Assert.Contains("internal error", failure.GetBaseException().Message, StringComparison.Ordinal);
        Assert.Equal(0, await capture.ExitAsync());
        var hello = Read();
        Assert.Equal(
            ("A client, 1.0", new DateOnly(2026, 12, 1), "recorded by tlsfront capture-hello"), (hello.Client, hello.Recorded, hello.Source));
        Assert.Equal("imap.example.net", hello.Hello.ServerName);
        Assert.StartsWith($"{At("it.hello")}: JA4 t1", await capture.Output.ReadAsync(), StringComparison.Ordinal);
        Assert.Equal([At("it.hello")], Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData("smtp", "220 ", "EHLO x\r\nSTARTTLS\r\n", "220 2.0.0 Ready to start TLS\r\n")]
    [InlineData("imap", "* OK ", "a CAPABILITY\r\nb STARTTLS\r\n", "b OK Begin TLS\r\n")]
    [InlineData("pop3", "+OK ", "CAPA\r\nSTLS\r\n", "+OK Begin TLS\r\n")]
    [InlineData("sieve", "\"IMPLEMENTATION\" ", "STARTTLS\r\n", "OK \"Begin TLS\"\r\n")]
    public async Task Behind_starttls_it_is_the_same(string protocol, string greeting, string commands, string agreement)
    {
        using var capture = await StartAsync("--starttls", protocol);
        await using var stream = await capture.ConnectAsync();
        var dialogue = "";
        foreach (var line in commands.Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"{line}\r\n"));
        }

        var buffer = new byte[4096];
        while (!dialogue.EndsWith(agreement, StringComparison.Ordinal))
        {
            var count = await stream.ReadAsync(buffer).AsTask().WaitAsync(TestClient.Patience);
            Assert.NotEqual(0, count);
            dialogue += Encoding.ASCII.GetString(buffer, 0, count);
        }

        await stream.WriteAsync(Hello);

        Assert.Equal(0, await capture.ExitAsync());
        Assert.StartsWith(greeting, dialogue, StringComparison.Ordinal);
        Assert.Equal($"recorded by tlsfront capture-hello behind STARTTLS of {TitleOf(protocol)}", Read().Source);
        Assert.Equal(Hello, Read().Records.Octets);
    }

    [Fact]
    public async Task A_hello_that_comes_octet_by_octet_is_whole_and_what_follows_is_not_in_it()
    {
        using var capture = await StartAsync();
        await using var stream = await capture.ConnectAsync();
        foreach (var octet in Hello.SkipLast(1))
        {
            await stream.WriteAsync((byte[])[octet]);
        }

        await stream.WriteAsync((byte[])[Hello[^1], .. "\x14\x03\x03\x00\x01\x01"u8]);

        Assert.Equal(0, await capture.ExitAsync());
        Assert.Equal(Hello, Read().Records.Octets);
        Assert.Equal("it", Read().Client);
    }

    [Fact]
    public async Task Whoever_brings_no_hello_is_told_of_and_the_next_one_is_taken()
    {
        using var capture = await StartAsync();
        await using (var garbage = await capture.ConnectAsync())
        {
            await garbage.WriteAsync("EHLO x\r\n"u8.ToArray());
            Assert.Equal(
                "127.0.0.1: client does not speak TLS: it sent an SMTP command in plain text; set it to implicit TLS instead of STARTTLS or none",
                await capture.Error.ReadAsync());
        }

        await using (await capture.ConnectAsync())
        {
        }

        Assert.Equal("127.0.0.1: left without a byte", await capture.Error.ReadAsync());
        await using (var half = await capture.ConnectAsync())
        {
            await half.WriteAsync(Hello.AsMemory(..20));
            half.Socket.Shutdown(SocketShutdown.Send);
            Assert.Equal("127.0.0.1: left within its hello", await capture.Error.ReadAsync());
        }

        await using (var endless = await capture.ConnectAsync())
        {
            await endless.WriteAsync((byte[])[22, 3, 1, 64, 0, 1, 255, 255, 255, .. new byte[16380]]);
            Assert.Equal("127.0.0.1: client's hello is larger than 64 KB", await capture.Error.ReadAsync());
            Assert.Equal([21, 3, 3, 0, 2, 2, 47], await ReadAllAsync(endless));
        }

        await using var silent = await capture.ConnectAsync();
        await using var last = await capture.ConnectAsync();
        await last.WriteAsync(Hello);
        var told = capture.Error.ReadAsync().AsTask();
        while (!told.IsCompleted)
        {
            // The deadline starts when the connection is taken, and nobody says when.
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(told, Task.Delay(1));
        }

        Assert.Equal("127.0.0.1: no hello within 10 s", await told);
        Assert.Equal(0, await capture.ExitAsync());
        Assert.Equal(Hello, Read().Records.Octets);
    }

    [Fact]
    public async Task Other_networks_are_closed()
    {
        using var capture = await StartAsync("--from", "192.0.2.0/24");
        await using var stream = await capture.ConnectAsync();

        Assert.Equal("127.0.0.1: not of 192.0.2.0/24, closed", await capture.Error.ReadAsync());
        Assert.Empty(await ReadAllAsync(stream));
    }

    [Fact]
    public async Task Without_a_client_in_time_nothing_is_written_and_an_older_file_stays()
    {
        await File.WriteAllTextAsync(At("it.hello"), "older");
        using var capture = await StartAsync("--timeout", "1m");
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(1, await capture.ExitAsync());
        Assert.Equal("no hello within 1m; is the client set to this port, and may it reach it?", await capture.Error.ReadAsync());
        Assert.Equal([At("it.hello")], Directory.GetFiles(_folder));
        Assert.Equal("older", await File.ReadAllTextAsync(At("it.hello")));
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_told_before_anybody_has_to_connect()
    {
        var (exitCode, output, error) = await RunAsync("--listen", "127.0.0.1:0", "-o", At("nowhere/it.hello"));

        Assert.Equal((1, ""), (exitCode, output));
        Assert.StartsWith($"{At("nowhere/it.hello")} cannot be written: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_in_use_is_told()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        var (exitCode, _, error) = await RunAsync("--listen", $"{other.LocalEndpoint}", "-o", At("it.hello"));

        Assert.Equal(1, exitCode);
        Assert.Contains($"--listen: {other.LocalEndpoint} is in use", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData("--listen", "465", "\"465\" has no address")]
    [InlineData("--listen", "mail.example.org:465", "is not an IP address")]
    [InlineData("--from", "10.0.0.1/8", "has bits beyond its prefix")]
    [InlineData("--timeout", "0s", "is out of range; write 1s to 24h")]
    [InlineData("--timeout", "5", "has no unit")]
    [InlineData("--client", "", "--client is no value")]
    [InlineData("--starttls", "tcp", "tcp")]
    [InlineData("-o", "it.txt", "-o it.txt has another ending than .hello")]
    public async Task What_cannot_be_meant_is_told(string option, string value, string message)
    {
        string[] all = ["--listen", "127.0.0.1:0", "-o", At("it.hello"), "--timeout", "1s"];
        if (Array.IndexOf(all, option) is var index and >= 0)
        {
            all[index + 1] = value;
        }

        var (exitCode, _, error) = await RunAsync(all.Contains(option) ? all : [.. all, option, value]);

        Assert.Equal(1, exitCode);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    private static string TitleOf(string protocol) =>
        protocol == "sieve" ? "ManageSieve" : protocol.ToUpper(CultureInfo.InvariantCulture);

    private static async Task<byte[]> ReadAllAsync(Stream stream)
    {
        using var read = new MemoryStream();
        await stream.CopyToAsync(read).WaitAsync(TestClient.Patience);
        return read.ToArray();
    }

    private string At(string name) => Path.Combine(_folder, name);

    private RecordedHello Read()
    {
        var (hello, problem) = HelloFile.Read(At("it.hello"));
        Assert.Null(problem);
        return hello!;
    }

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await CommandLine.Parse(["capture-hello", .. arguments], new Dictionary<string, string>(), _time)
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return (exitCode, output.ToString(), error.ToString());
    }

    private Task<Capture> StartAsync(params string[] arguments) => Capture.StartAsync(
        CommandLine.Parse(
            ["capture-hello", "--listen", "127.0.0.1:0", "-o", At("it.hello"), .. arguments], new Dictionary<string, string>(), _time));

    /// <summary>The command at work.</summary>
    private sealed class Capture : IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly LineWriter _output = new();
        private readonly LineWriter _error = new();
        private readonly Task<int> _running;
        private IPEndPoint _address = null!;

        private Capture(ParseResult parsed) =>
            _running = parsed.InvokeAsync(new InvocationConfiguration { Output = _output, Error = _error }, _stop.Token);

        public ChannelReader<string> Output => _output.Lines;

        public ChannelReader<string> Error => _error.Lines;

        public static async Task<Capture> StartAsync(ParseResult parsed)
        {
            var capture = new Capture(parsed);
            var first = await capture.Output.ReadAsync().AsTask().WaitAsync(TestClient.Patience);
            capture._address = IPEndPoint.Parse(first.Split(' ')[2]);
            return capture;
        }

        public async Task<NetworkStream> ConnectAsync()
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(_address).WaitAsync(TestClient.Patience);
            return new NetworkStream(socket, ownsSocket: true);
        }

        public Task<int> ExitAsync() => _running.WaitAsync(TestClient.Patience);

        public void Dispose()
        {
            _stop.Cancel();
            _stop.Dispose();
        }
    }

    /// <summary>Hands on each line as it is written.</summary>
    private sealed class LineWriter : TextWriter
    {
        private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

        public ChannelReader<string> Lines => _lines.Reader;

        public override Encoding Encoding => Encoding.UTF8;

        public override void WriteLine(string? value) => _lines.Writer.TryWrite(value ?? "");

        public override Task WriteLineAsync(string? value)
        {
            WriteLine(value);
            return Task.CompletedTask;
        }
    }
}
