using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace TlsFront.Tests.Functional;

/// <summary>One end of a plaintext connection, one expectation at a time.</summary>
internal sealed class ScriptedPeer(IDuplexPipe pipe)
{
    private readonly StringBuilder _received = new();

    public IDuplexPipe Pipe => pipe;

    public async Task SendAsync(string text)
    {
        await pipe.Output.WriteAsync(Encoding.Latin1.GetBytes(text)).AsTask().WaitAsync(TestClient.Patience);
    }

    /// <summary>Ends this peer's half of the connection.</summary>
    public ValueTask EndAsync() => pipe.Output.CompleteAsync();

    /// <summary>Leaves without reading, and waits for a send that nobody took.</summary>
    public async Task AbandonAsync(Task sending)
    {
        await pipe.Input.CompleteAsync();
        await sending.ContinueWith(static _ => { }, TaskScheduler.Default).WaitAsync(TestClient.Patience);
    }

    /// <summary>Reads on until <paramref name="text"/> has come and returns everything up to its end.</summary>
    public async Task<string> ExpectAsync(string text)
    {
        while (true)
        {
            var all = _received.ToString();
            var at = all.IndexOf(text, StringComparison.Ordinal);
            if (at >= 0)
            {
                _received.Remove(0, at + text.Length);
                return all[..(at + text.Length)];
            }

            if (!await ReadAsync())
            {
                throw new InvalidOperationException($"The gateway closed before '{text}' came; received: {all}");
            }
        }
    }

    /// <summary>Everything up to the gateway's close.</summary>
    public async Task<string> ReadToEndAsync()
    {
        while (await ReadAsync())
        {
        }

        return _received.ToString();
    }

    private async Task<bool> ReadAsync()
    {
        var result = await pipe.Input.ReadAsync().AsTask().WaitAsync(TestClient.Patience);
        _received.Append(Encoding.Latin1.GetString(result.Buffer.ToArray()));
        var more = !result.IsCompleted || !result.Buffer.IsEmpty;
        pipe.Input.AdvanceTo(result.Buffer.End);
        return more;
    }
}
