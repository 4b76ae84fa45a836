using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using TlsFront.Demo;
using TlsFront.SystemTests.Processes;

namespace TlsFront.Tests.Demo;

public sealed class DemoCommandTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tlsfront-demo-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_message_sent_through_the_demo_is_read_through_it_with_the_gateways_Received_line()
    {
        var ports = FreePorts();
        using var stop = new CancellationTokenSource();
        using var output = new GuideWriter();
        var demo = RunAsync(ports, _folder.FullName, new() { Output = output }, stop.Token);
        Assert.Same(output.Guide, await Task.WhenAny(output.Guide, demo).WaitAsync(Deadline));

        using var smtp = new SmtpClient { ServerCertificateValidationCallback = (_, certificate, _, _) => IsTrusted(certificate!) };
        await smtp.ConnectAsync("localhost", ports.Smtp, SecureSocketOptions.SslOnConnect);
        await smtp.AuthenticateAsync("demo", "demo");
        await smtp.SendAsync(
            new MimeMessage(
                [new MailboxAddress("A", "a@demo.test")], [new MailboxAddress("Demo", "demo@demo.test")], "Hello", new TextPart { Text = "x" }));
        await smtp.DisconnectAsync(quit: true);

        using var imap = new ImapClient { ServerCertificateValidationCallback = (_, certificate, _, _) => IsTrusted(certificate!) };
        await imap.ConnectAsync("localhost", ports.Imap, SecureSocketOptions.SslOnConnect);
        await imap.AuthenticateAsync("demo", "demo");
        await imap.Inbox.OpenAsync(FolderAccess.ReadOnly);
        var received = (await imap.Inbox.GetMessageAsync(0)).Headers.Where(header => header.Id == HeaderId.Received)
            .Select(header => header.Value)
            .ToList();
        Assert.Equal(2, received.Count);
        Assert.Contains("by store.demo.test", received[0], StringComparison.Ordinal);
        Assert.Contains("by mail.demo.test with ESMTPSA", received[1], StringComparison.Ordinal);
        Assert.Contains("tls TLS_", received[1], StringComparison.Ordinal);

        await stop.CancelAsync();
        Assert.Equal(0, await demo.WaitAsync(Deadline));
        Assert.Equal(["ca.pem", "mail.key", "mail.pem"], _folder.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(993)]
    [InlineData(90)]
    public async Task A_port_in_use_ends_it_with_one_line_that_names_the_port_and_the_remedy(int offset)
    {
        var ports = FreePorts();
        using var other = new TcpListener(IPAddress.Loopback, ports.Base + offset);
        other.Start();
        using var error = new StringWriter();
        Assert.Equal(1, await RunAsync(ports, _folder.FullName, new() { Error = error }).WaitAsync(Deadline));
        var line = Assert.Single(error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains($"127.0.0.1:{ports.Base + offset}", line, StringComparison.Ordinal);
        Assert.Contains("--port-base", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_ends_it_with_one_line_that_names_the_remedy()
    {
        var file = Path.Combine(_folder.FullName, "file");
        await File.WriteAllTextAsync(file, "");
        using var error = new StringWriter();
        Assert.Equal(1, await RunAsync(FreePorts(), Path.Combine(file, "folder"), new() { Error = error }).WaitAsync(Deadline));
        Assert.Contains("--data DIR", Assert.Single(error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("64541")]
    [InlineData("99999999999")]
    [InlineData("x")]
    public void A_port_base_out_of_range_is_a_usage_error(string portBase) =>
        Assert.Equal(
            "--port-base must be a number from 0 to 64540.", Assert.Single(DemoCommand.Create().Parse(["--port-base", portBase]).Errors).Message);

    private static Task<int> RunAsync(DemoPorts ports, string folder, InvocationConfiguration console, CancellationToken stop = default) =>
        DemoCommand.Create().Parse(["--data", folder, "--port-base", $"{ports.Base}"]).InvokeAsync(console, stop);

    private bool IsTrusted(X509Certificate certificate)
    {
        using var authority = X509CertificateLoader.LoadCertificateFromFile(new DemoFiles(_folder.FullName).Authority);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build((X509Certificate2)certificate);
    }

    private static DemoPorts FreePorts() => new(Ports.NextBase(90, 465, 993, 995));

    /// <summary>Tells when the guide has been written.</summary>
    private sealed class GuideWriter : StringWriter
    {
        private readonly TaskCompletionSource _guide = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Guide => _guide.Task;

        public override void Flush() => _guide.TrySetResult();
    }
}
