using System.Text;

namespace TlsFront.Benchmarks.Machines;

/// <summary>What the client says and what the backend answers, as octets.</summary>
internal readonly record struct Exchange(byte[] Command, byte[] Reply)
{
    public Exchange(string command, string reply)
        : this(Encoding.Latin1.GetBytes(command), Encoding.Latin1.GetBytes(reply))
    {
    }
}
