using System.Security.Cryptography.X509Certificates;
using TlsFront.Listeners.SelfCheck;
using TlsFront.Tests.Tls;
using TlsFront.Tls.Certificates;

namespace TlsFront.Tests.Listeners.SelfCheck;

public sealed class PresentedChainTests
{
    [Fact]
    public void An_intermediate_that_the_file_has_must_come_and_a_root_need_not()
    {
        var issued = TestAuthority.Shared.Ecdsa("mail.example.com");
        using var leaf = X509CertificateLoader.LoadCertificate(X509Certificate2.CreateFromPem(issued.Leaf).RawData);
        using var intermediate = X509Certificate2.CreateFromPem(issued.Intermediate);
        var file = new LoadedCertificate(leaf, [intermediate, TestAuthority.Shared.Root], "file");

        Assert.True(PresentedChain.Of(leaf, [leaf]).Is(file));
        Assert.False(PresentedChain.Of(intermediate, []).Is(file));
        Assert.Equal("CN=Test Intermediate", PresentedChain.Of(leaf, [leaf]).Missing(file));
        Assert.Null(PresentedChain.Of(leaf, [leaf, intermediate]).Missing(file));
        Assert.Null(PresentedChain.Of(leaf, [leaf]).Missing(new LoadedCertificate(leaf, [], "leaf alone")));
    }
}
