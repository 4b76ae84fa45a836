using System.Runtime.Versioning;
using System.Security.Cryptography;
using TlsFront.Tls;

namespace TlsFront.Tests.Tls;

/// <summary>A process has one OpenSSL, and says which.</summary>
[SupportedOSPlatform("linux")]
public sealed class OpenSslLibraryTests
{
    [Fact]
    public void The_version_is_that_of_the_library_of_dotnet()
    {
        Assert.True(OpenSslLibrary.TryLoad(null, out var obstacle), obstacle);

        // MNN00PP0: what .NET, which loaded the same one, is told.
        var number = SafeEvpPKeyHandle.OpenSslVersion;
        Assert.Equal($"{number >> 28}.{(number >> 20) & 0xff}.{(number >> 4) & 0xff}", OpenSslLibrary.Version);
    }

    [Fact]
    public void Another_one_comes_too_late()
    {
        Assert.True(OpenSslLibrary.TryLoad(null, out _));
        Assert.False(OpenSslLibrary.TryLoad("/opt/openssl", out var obstacle));
        Assert.Equal($"this process uses OpenSSL {OpenSslLibrary.Version} of the system already; restart it", obstacle);
    }
}
