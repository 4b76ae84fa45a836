using OpenTelemetry;

namespace TlsFront.Telemetry.Export;

/// <summary>
/// A batch processor whose losses are counted: what finds its queue full, and what its exporter could not deliver. It takes no more than the queue
/// holds, what is being exported included, so nothing waits and nothing grows while a collector is gone.
/// </summary>
/// <typeparam name="T">Span or log record.</typeparam>
internal sealed class CountedExport<T> : CompositeProcessor<T>
    where T : class
{
    private readonly Tally _tally;
    private readonly BaseProcessor<T> _batches;

    private CountedExport(Tally tally, BaseProcessor<T> batches, BaseProcessor<T> owner)
        : base([batches, owner])
    {
        _tally = tally;
        _batches = batches;
    }

    /// <summary>Composes it.</summary>
    /// <param name="exporter">Where everything goes.</param>
    /// <param name="batch">Makes the batch processor before an exporter.</param>
    /// <param name="own">Makes any processor before <paramref name="exporter"/>. It gets nothing; an exporter learns only from its own processor
    /// whose resource it speaks for.</param>
    /// <param name="limit">Size of the queue.</param>
    /// <param name="dropped">Told of losses, by reason.</param>
    public static CountedExport<T> Create(
        BaseExporter<T> exporter, Func<BaseExporter<T>, BaseProcessor<T>> batch, Func<BaseExporter<T>, BaseProcessor<T>> own, int limit,
        Action<string, long> dropped)
    {
        var tally = new Tally(limit, dropped);
        return new(tally, batch(new Exporter(exporter, tally)), own(exporter));
    }

    /// <summary>Never waits.</summary>
    public override void OnEnd(T data)
    {
        if (_tally.TryEnter())
        {
            _batches.OnEnd(data);
        }
    }

    private sealed class Tally(int limit, Action<string, long> dropped)
    {
        private int _held;

        public bool TryEnter()
        {
            if (Interlocked.Increment(ref _held) <= limit)
            {
                return true;
            }

            Interlocked.Decrement(ref _held);
            dropped("queue_full", 1);
            return false;
        }

        public void Leave(int count, bool isDelivered)
        {
            Interlocked.Add(ref _held, -count);
            if (!isDelivered)
            {
                dropped("export_failed", count);
            }
        }
    }

    private sealed class Exporter(BaseExporter<T> inner, Tally tally) : BaseExporter<T>
    {
        public override ExportResult Export(in Batch<T> batch)
        {
            var count = (int)batch.Count;
            var result = inner.Export(batch);
            tally.Leave(count, result == ExportResult.Success);
            return result;
        }
    }
}
