using TlsFront.Connections;

namespace TlsFront.Protocols.Smtp;

/// <summary>Takes the client's message octets, by DATA or BDAT, and puts our <c>Received</c> field on top of each message.</summary>
internal sealed class MessageContent(SmtpState state)
{
    private DataContent _data = new(state.Rules.BareNewlines);

    /// <summary>Takes octets that are no command.</summary>
    public Step Read(ReadOnlySpan<byte> input, ref Emitter to) => state.Mode switch
    {
        ClientMode.FirstData => ReadFirst(input, ref to),
        ClientMode.Data => ReadData(input, ref to),
        ClientMode.UnwantedData => SwallowData(input, ref to),
        ClientMode.Chunk or ClientMode.RefusedChunk => ReadChunk(input, ref to),
        _ => SmtpState.EndNow(LocalReply.SmugglingEnds, CloseReason.SmugglingRefused, 0, ref to),
    };

    /// <summary>A BDAT command, read when no reply is outstanding.</summary>
    public Step BeginChunk(ReadOnlySpan<byte> arguments, int lineLength, ref Emitter to)
    {
        if (ChunkCommand.Read(arguments, out var chunk) is var fault and not LocalReply.None)
        {
            // Nobody knows how many octets are content: RFC 6409 has no 521, so 501 and the end.
            return state.AnswerAndEnd(fault, CloseReason.ProtocolError, ref to);
        }

        if (WhyNot(chunk) is var refusal and not LocalReply.None)
        {
            if (refusal == LocalReply.MessageTooLarge)
            {
                state.RefuseChunks();
            }

            return RefuseChunk(refusal, chunk, lineLength, ref to);
        }

        state.Transaction.SendChunk(chunk.Length);
        Span<byte> header = stackalloc byte[ReceivedHeader.MaxLength];
        var isFirst = !state.Transaction.HasHeader && (chunk.Length > 0 || chunk.IsLast);
        header = isFirst ? header[..ReceivedHeader.Write(header, to.Facts, to.Now, state.BeginMessage())] : default;
        Span<byte> line = stackalloc byte[32];
        to.ToBackend(line[..chunk.Write(line, header.Length)]);
        to.ToBackend(header);
        state.Await(chunk.IsLast ? Awaited.Verdict : Awaited.Chunk, endsGroup: false);
        state.ChunkRemaining = chunk.Length;
        state.Mode = chunk.Length > 0 ? ClientMode.Chunk : ClientMode.Command;
        return Step.More(lineLength);
    }

    /// <summary>A BDAT command that is not for the backend: its octets are swallowed.</summary>
    public Step RefuseChunk(LocalReply reply, ReadOnlySpan<byte> arguments, int lineLength, ref Emitter to) =>
        ChunkCommand.Read(arguments, out var chunk) is var fault and not LocalReply.None
            ? state.AnswerAndEnd(fault, CloseReason.ProtocolError, ref to)
            : RefuseChunk(reply, chunk, lineLength, ref to);

    // What goes through belongs to a message that begins with our field: there is no other chunk.
    private LocalReply WhyNot(ChunkCommand chunk) => state switch
    {
        { Extensions.HasChunking: false } => LocalReply.ChunkingNotOffered,
        { Transaction.IsOpen: false } => LocalReply.NoTransaction,
        { Transaction.IsDead: true } => LocalReply.TransactionDead,
        _ when state.Transaction.ChunkOctets + chunk.Length > state.Extensions.MaxSize => LocalReply.MessageTooLarge,
        _ => LocalReply.None,
    };

    private Step RefuseChunk(LocalReply reply, ChunkCommand chunk, int lineLength, ref Emitter to)
    {
        state.ChunkRemaining = chunk.Length;
        state.Mode = chunk.Length > 0 ? ClientMode.RefusedChunk : ClientMode.Command;
        if (reply != LocalReply.TransactionDead || !state.Transaction.IsRest(chunk))
        {
            return state.Refuse(reply, lineLength, ref to);
        }

        // A client that pipelines makes no mistake with them.
        state.Answer(reply, ref to);
        return Step.More(lineLength);
    }

    private Step ReadFirst(ReadOnlySpan<byte> input, ref Emitter to)
    {
        // RFC 2920 section 3.2 (4): the way out of a 354 without recipients. No message, no field.
        var endOfData = ".\r\n"u8;
        if (!state.Transaction.HasRecipients && input.StartsWith(endOfData))
        {
            to.ToBackend(input[..endOfData.Length]);
            return EndData(endOfData.Length);
        }

        if (!state.Transaction.HasRecipients && endOfData.StartsWith(input))
        {
            return Step.More(0);
        }

        Span<byte> header = stackalloc byte[ReceivedHeader.MaxLength];
        to.ToBackend(header[..ReceivedHeader.Write(header, to.Facts, to.Now, state.BeginMessage())]);
        state.Mode = ClientMode.Data;
        return ReadData(input, ref to);
    }

    private Step ReadData(ReadOnlySpan<byte> input, ref Emitter to)
    {
        if (!_data.Copy(input, ref to, out var consumed))
        {
            return Step.More(consumed);
        }

        var isRejected = _data.IsRejected;
        _data = new DataContent(state.Rules.BareNewlines);
        if (!isRejected)
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

    private Step SwallowData(ReadOnlySpan<byte> input, ref Emitter to)
    {
        _data.Discard();
        return _data.Copy(input, ref to, out var consumed) ? state.EndLost(consumed, ref to) : Step.More(consumed);
    }

    private Step EndData(int consumed)
    {
        state.Await(Awaited.Verdict, endsGroup: false);
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
        if (state.ChunkRemaining > 0)
        {
            return Step.More(octets.Length);
        }

        state.Mode = ClientMode.Command;
        return state.HasLostBackend ? state.EndLost(octets.Length, ref to) : Step.More(octets.Length);
    }
}
