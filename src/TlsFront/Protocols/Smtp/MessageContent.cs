using TlsFront.Connections;

namespace TlsFront.Protocols.Smtp;

/// <summary>Takes the client's message octets, by DATA or BDAT, and puts our <c>Received</c> field on top of each message.</summary>
internal sealed class MessageContent(SmtpState state)
{
    private DataContent _data;

    /// <summary>Takes octets that are no command.</summary>
    public Step Read(ReadOnlySpan<byte> input, ref Emitter to) => state.Mode switch
    {
        ClientMode.FirstData => ReadFirst(input, ref to),
        ClientMode.Data => ReadData(input, ref to),
        ClientMode.Chunk or ClientMode.RefusedChunk => ReadChunk(input, ref to),
        _ => SmtpState.EndNow(LocalReply.SmugglingEnds, CloseReason.SmugglingRefused, 0, ref to),
    };

    /// <summary>A BDAT command, read when no reply is outstanding.</summary>
    public Step BeginChunk(ReadOnlySpan<byte> arguments, int lineLength, ref Emitter to)
    {
        if (!ChunkCommand.TryParse(arguments, out var chunk))
        {
            // Nobody knows how many octets are content: RFC 6409 has no 521, so 501 and the end.
            return state.AnswerAndEnd(LocalReply.MalformedChunk, CloseReason.ProtocolError, ref to);
        }

        Span<byte> header = stackalloc byte[ReceivedHeader.MaxLength];
        var isFirst = state.Transaction is { IsOpen: true, HasHeader: false, IsDead: false } && (chunk.Length > 0 || chunk.IsLast);
        header = isFirst ? header[..ReceivedHeader.Write(header, to.Facts, to.Now, state.BeginMessage())] : default;
        Span<byte> line = stackalloc byte[32];
        to.ToBackend(line[..chunk.Write(line, header.Length)]);
        to.ToBackend(header);
        state.Replies.Add(chunk.IsLast ? Awaited.Verdict : Awaited.Chunk);
        state.ChunkRemaining = chunk.Length;
        state.Mode = chunk.Length > 0 ? ClientMode.Chunk : ClientMode.Command;
        return Step.More(lineLength);
    }

    private Step ReadFirst(ReadOnlySpan<byte> input, ref Emitter to)
    {
        var endOfData = ".\r\n"u8;
        if (input.StartsWith(endOfData))
        {
            // RFC 2920 section 3.2 (4): the way out of a 354 without recipients. No message, no field.
            to.ToBackend(input[..endOfData.Length]);
            return EndData(endOfData.Length);
        }

        if (endOfData.StartsWith(input))
        {
            return Step.More(0);
        }

        Span<byte> header = stackalloc byte[ReceivedHeader.MaxLength];
        to.ToBackend(header[..ReceivedHeader.Write(header, to.Facts, to.Now, state.BeginMessage())]);
        _data = new DataContent(state.Rules.BareNewlines);
        state.Mode = ClientMode.Data;
        return ReadData(input, ref to);
    }

    private Step ReadData(ReadOnlySpan<byte> input, ref Emitter to)
    {
        if (!_data.Copy(input, ref to, out var consumed))
        {
            return Step.More(consumed);
        }

        if (!_data.IsRejected)
        {
            return EndData(consumed);
        }

        // The backend never saw an end and forgets the message when its connection goes, at the client's next command.
        state.Mode = ClientMode.AfterRefusal;
        state.Transaction.End();
        state.Observer.MessageRefused();
        state.Answer(LocalReply.MessageRefused, ref to);
        return Step.More(consumed);
    }

    private Step EndData(int consumed)
    {
        state.Replies.Add(Awaited.Verdict);
        state.Mode = ClientMode.Command;
        return Step.More(consumed);
    }

    private Step ReadChunk(ReadOnlySpan<byte> input, ref Emitter to)
    {
        var octets = input[..(int)Math.Min(input.Length, state.ChunkRemaining)];
        if (state.Mode == ClientMode.Chunk)
        {
            to.ToBackend(octets);
        }

        state.ChunkRemaining -= octets.Length;
        state.Mode = state.ChunkRemaining > 0 ? state.Mode : ClientMode.Command;
        return Step.More(octets.Length);
    }
}
