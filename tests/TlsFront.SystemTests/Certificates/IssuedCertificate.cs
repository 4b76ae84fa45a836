namespace TlsFront.SystemTests.Certificates;

/// <summary>A certificate as an ACME client leaves it.</summary>
/// <param name="Chain">Leaf and issuer, PEM.</param>
/// <param name="Key">Private key, PEM.</param>
/// <param name="Serial">Serial number in hexadecimal, as openssl prints it.</param>
public sealed record IssuedCertificate(string Chain, string Key, string Serial)
{
    /// <summary>Writes the pair into a folder under certbot's names.</summary>
    /// <returns>The same certificate.</returns>
    public IssuedCertificate WriteTo(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "privkey.pem"), Key);
        File.WriteAllText(Path.Combine(folder, "fullchain.pem"), Chain);
        return this;
    }
}
