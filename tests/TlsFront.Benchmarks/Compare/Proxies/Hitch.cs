namespace TlsFront.Benchmarks.Compare.Proxies;

/// <summary>hitch: one backend for each process, octets alone.</summary>
internal sealed class Hitch : Proxy
{
    /// <inheritdoc/>
    public override string Name => "hitch";

    /// <inheritdoc/>
    public override string Version => VersionOf("hitch", "--version");

    /// <inheritdoc/>
    public override bool Serves(Route route) => route is not (Route.Smtp or Route.SmtpHeld or Route.Imap or Route.ImapHeld or Route.ImapStartTls);

    /// <inheritdoc/>
    protected override IEnumerable<string[]> Commands(Lab lab, Cores cores, string folder, IReadOnlyDictionary<Route, int> ports)
    {
        foreach (var (route, port) in ports)
        {
            var configuration = Write(folder, $"{route}.conf", $$"""
                frontend = { host = "127.0.0.1" port = "{{port}}" }
                pem-file = "{{lab.CertificateOf(route).BundleFile}}"
                backend = "[127.0.0.1]:{{lab.Backends.PortOf(route)}}"
                workers = {{cores.Workers}}
                backlog = 4096
                daemon = off
                quiet = on
                syslog = off
                ocsp-dir = ""
                tls-protos = TLSv1.2 TLSv1.3
                {{(Environment.IsPrivilegedProcess ? "user = \"nobody\"" : "")}}

                """);
            yield return ["hitch", $"--config={configuration}"];
        }
    }
}
