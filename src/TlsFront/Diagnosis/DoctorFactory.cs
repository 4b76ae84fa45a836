using System.Buffers;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using TlsFront.Backends;
using TlsFront.Configuration;
using TlsFront.Transport.Managed;

namespace TlsFront.Diagnosis;

/// <summary>Makes a doctor that stands alone, without a gateway: it connects as the managed engine does, on any machine.</summary>
internal static class DoctorFactory
{
    public static Doctor Create(GatewaySettings settings, TimeProvider time) => new(
        new BackendDialer(
            ManagedEngine.Create(new SharedPool(), NullLoggerFactory.Instance).Backends,
            new NameResolver(new SystemNameLookup(), time, NullLogger<NameResolver>.Instance),
            new BackendTlsFactory(new BackendAuthorities(NullLogger<BackendAuthorities>.Instance)),
            time),
        settings,
        time);

    /// <summary>A few connections need no pool of their own.</summary>
    private sealed class SharedPool : IMemoryPoolFactory<byte>
    {
        public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => MemoryPool<byte>.Shared;
    }
}
