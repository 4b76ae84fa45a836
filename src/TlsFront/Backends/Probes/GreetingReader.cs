using System.Buffers;
using System.IO.Pipelines;
using TlsFront.Protocols;

namespace TlsFront.Backends.Probes;

/// <summary>Reads the greeting from a new connection and leaves what follows it.</summary>
internal static class GreetingReader
{
    /// <summary>
    /// Reads until the greeting is complete. No expected failure is an exception: <paramref name="deadline"/> makes it <see cref="Opening.Silent"/>.
    /// </summary>
    public static async Task<Greeting> ReadAsync(PipeReader input, MailProtocol protocol, CancellationToken deadline)
    {
        byte[] bytes = [];
        try
        {
            while (true)
            {
                var read = await input.ReadAsync(deadline);
                bytes = read.Buffer.ToArray();
                var verdict = ProbeDialogue.Judge(protocol, bytes, out var length);
                if (verdict == GreetingVerdict.Incomplete && !read.IsCompleted)
                {
                    input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                    continue;
                }

                input.AdvanceTo(read.Buffer.GetPosition(length));
                return new Greeting(OpeningOf(verdict), bytes.AsMemory(0, length));
            }
        }
        catch (OperationCanceledException)
        {
            return new Greeting(Opening.Silent, bytes);
        }
        catch (IOException)
        {
            return new Greeting(Opening.Closed, bytes);
        }
    }

    /// <summary>How a connection begins whose greeting was judged so.</summary>
    public static Opening OpeningOf(GreetingVerdict verdict) => verdict switch
    {
        GreetingVerdict.Ready => Opening.Ready,
        GreetingVerdict.Refusal => Opening.Refusal,
        GreetingVerdict.Foreign => Opening.Foreign,
        GreetingVerdict.Tls => Opening.Tls,
        _ => Opening.Closed,
    };
}
