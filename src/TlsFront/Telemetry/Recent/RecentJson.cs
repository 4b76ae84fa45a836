using System.Text.Json.Serialization;

namespace TlsFront.Telemetry.Recent;

/// <summary>How snapshots are written.</summary>
[JsonSourceGenerationOptions(
    UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, Converters = [typeof(EndPointConverter)])]
[JsonSerializable(typeof(RecentSnapshot))]
internal sealed partial class RecentJson : JsonSerializerContext;
