using System.Globalization;
using TlsFront.Configuration;

namespace TlsFront.Telemetry;

/// <summary>
/// Which connections are traced. Decided before there is a span: the SDK's samplers make an object for every connection they drop. No mail protocol
/// carries a trace of the client's, so every connection is the root of its own, and parent-based samplers are what they are for roots.
/// </summary>
internal sealed partial class TraceSampling
{
    private const string Sampler = "OTEL_TRACES_SAMPLER";
    private const string Argument = "OTEL_TRACES_SAMPLER_ARG";

    private readonly SettingsStore _settings;
    private readonly double? _ordered;

    public TraceSampling(SettingsStore settings, ILogger<TraceSampling> logger)
        : this(settings, Environment.GetEnvironmentVariable, logger)
    {
    }

    /// <summary>With variables read by <paramref name="environment"/>.</summary>
    public TraceSampling(SettingsStore settings, Func<string, string?> environment, ILogger<TraceSampling> logger)
    {
        _settings = settings;
        var sampler = environment(Sampler);
        _ordered = sampler?.Trim().ToLowerInvariant() switch
        {
            null or "" => null,
            "always_on" or "parentbased_always_on" => 1,
            "always_off" or "parentbased_always_off" => 0,
            "traceidratio" or "parentbased_traceidratio" => Parse(environment(Argument), logger),
            _ => null,
        };
        if (_ordered is null && !string.IsNullOrWhiteSpace(sampler))
        {
            Log.SamplerUnknown(logger, sampler);
        }
    }

    /// <summary>Part of the connections that is traced, 0 to 1: what the environment orders, otherwise the setting as it is now.</summary>
    public double Ratio => _ordered ?? _settings.Current.Telemetry.SampleRatio;

    /// <summary>Whether the next connection is traced.</summary>
    public bool Next() => Random.Shared.NextDouble() < Ratio;

    /// <summary>Without a usable argument the specification has everything sampled.</summary>
    private static double Parse(string? text, ILogger logger)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1)
        {
            return ratio;
        }

        Log.RatioMissing(logger, text ?? "");
        return 1;
    }

    private static partial class Log
    {
        [LoggerMessage(
            420, LogLevel.Warning, "OTEL_TRACES_SAMPLER={Sampler} is not known here: telemetry.traces.sampleRatio applies",
            EventName = "SamplerUnknown")]
        public static partial void SamplerUnknown(ILogger logger, string sampler);

        [LoggerMessage(
            421, LogLevel.Warning, "OTEL_TRACES_SAMPLER_ARG={Ratio} is no number from 0 to 1: every connection is traced",
            EventName = "SampleRatioMissing")]
        public static partial void RatioMissing(ILogger logger, string ratio);
    }
}
