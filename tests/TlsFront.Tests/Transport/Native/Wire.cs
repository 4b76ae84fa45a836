using System.Net.Sockets;
using System.Text;

namespace TlsFront.Tests.Transport.Native;

/// <summary>Plain reads and writes with patience.</summary>
internal static class Wire
{
    public static async Task SendTextAsync(this Socket socket, string text) =>
        await socket.SendAsync(Encoding.ASCII.GetBytes(text)).WaitAsync(NativeGateway.Patience);

    public static Task<string> ReceiveTextAsync(this Socket socket, int length) => new NetworkStream(socket).ReadTextAsync(length);

    /// <summary>Everything up to the peer's end.</summary>
    public static async Task<string> ReceiveToEndAsync(this Socket socket) => await new NetworkStream(socket).ReadToEndAsync();

    public static async Task WriteTextAsync(this Stream stream, string text) =>
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text)).AsTask().WaitAsync(NativeGateway.Patience);

    public static async Task<string> ReadTextAsync(this Stream stream, int length)
    {
        var bytes = new byte[length];
        await stream.ReadExactlyAsync(bytes).AsTask().WaitAsync(NativeGateway.Patience);
        return Encoding.ASCII.GetString(bytes);
    }

    /// <summary>Everything up to close_notify.</summary>
    public static async Task<string> ReadToEndAsync(this Stream stream)
    {
        var all = new MemoryStream();
        await stream.CopyToAsync(all).WaitAsync(NativeGateway.Patience);
        return Encoding.ASCII.GetString(all.ToArray());
    }

    /// <summary>Closes with a reset.</summary>
    public static void Reset(this Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }
}
