using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace TlsFront.Backends.Probes;

/// <summary>Lines with a server, one question at a time. What it cannot read within bounds is an end, and its deadline is the caller's.</summary>
/// <param name="input">What the server says.</param>
/// <param name="output">What is said to it.</param>
/// <param name="deadline">Until when.</param>
internal sealed class Conversation(PipeReader input, PipeWriter output, CancellationToken deadline)
{
    /// <summary>Longest line read, in bytes.</summary>
    private const int LongestLine = 8 * 1024;

    /// <summary>Most lines of one answer.</summary>
    private const int MostLines = 200;

    /// <summary>Whether the server answered anything yet.</summary>
    public bool IsAnswered { get; private set; }

    /// <summary>
    /// Says a line and reads the answer, up to and with the line that <paramref name="isLast"/> ends it.
    /// Fewer lines: the server ended or said too much.
    /// </summary>
    public async Task<IReadOnlyList<string>> AskAsync(string line, Func<string, bool> isLast)
    {
        await output.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), deadline);
        var lines = new List<string>();
        while (lines.Count < MostLines && await ReadLineAsync() is { } answer)
        {
            IsAnswered = true;
            lines.Add(answer);
            if (isLast(answer))
            {
                break;
            }
        }

        return lines;
    }

    /// <summary>Says goodbye and reads to the end, so that the server logs an orderly one.</summary>
    public async Task EndAsync(ReadOnlyMemory<byte> goodbye)
    {
        await output.WriteAsync(goodbye, deadline);
        ReadResult read;
        do
        {
            read = await input.ReadAsync(deadline);
            input.AdvanceTo(read.Buffer.End);
        }
        while (!read.IsCompleted);
    }

    private async Task<string?> ReadLineAsync()
    {
        while (true)
        {
            var read = await input.ReadAsync(deadline);
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = read.Buffer.Slice(0, end).ToArray();
                input.AdvanceTo(read.Buffer.GetPosition(1, end));
                return line.Length > LongestLine ? null : ProbeDialogue.Printable(line.AsSpan().TrimEnd((byte)'\r'));
            }

            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted || read.Buffer.Length > LongestLine)
            {
                return null;
            }
        }
    }
}
