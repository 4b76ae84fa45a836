using System.Security.Cryptography;
using System.Text;

namespace TlsFront.Handover;

/// <summary>A message that was received, with the descriptors that came along. Those that nobody takes are closed; the payload is wiped.</summary>
internal sealed class HandoverMessage(MessageKind kind, byte[] payload, int[] descriptors) : IDisposable
{
    private readonly bool[] _taken = new bool[descriptors.Length];

    public MessageKind Kind => kind;

    public ReadOnlySpan<byte> Payload => payload;

    /// <summary>The payload as text.</summary>
    public string Text => Encoding.UTF8.GetString(payload);

    /// <summary>How many descriptors came along.</summary>
    public int Descriptors => descriptors.Length;

    /// <summary>A descriptor, which is the caller's from here on.</summary>
    public int Take(int index)
    {
        _taken[index] = true;
        return descriptors[index];
    }

    public void Dispose()
    {
        for (var i = 0; i < descriptors.Length; i++)
        {
            if (!_taken[i])
            {
                _taken[i] = true;
                DescriptorPassing.Close(descriptors[i]);
            }
        }

        CryptographicOperations.ZeroMemory(payload);
    }
}
