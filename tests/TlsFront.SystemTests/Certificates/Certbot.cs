namespace TlsFront.SystemTests.Certificates;

/// <summary>The files as certbot keeps them: numbered files in <c>archive</c>, links to the latest in <c>live</c>.</summary>
public static class Certbot
{
    /// <summary>Issues a certificate and swaps the links, as a renewal does.</summary>
    public static IssuedCertificate Renew(string live, TestAuthority authority, int number)
    {
        var certificate = authority.Issue(KeyKind.Ecdsa, Gateways.GatewayProcess.Name);
        var archive = Directory.CreateDirectory(live + "-archive").FullName;
        Swap("privkey", certificate.Key);
        Swap("fullchain", certificate.Chain);
        return certificate;

        void Swap(string name, string text)
        {
            var target = Path.Combine(archive, $"{name}{number}.pem");
            var link = Path.Combine(live, name + ".pem");
            File.WriteAllText(target, text);
            File.Delete(link);
            File.CreateSymbolicLink(link, Path.Combine("..", Path.GetFileName(archive), Path.GetFileName(target)));
        }
    }
}
