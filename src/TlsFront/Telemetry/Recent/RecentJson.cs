using System.Text.Json.Serialization;

namespace TlsFront.Telemetry.Recent;

/// <summary>How snapshots are written.</summary>
[JsonSourceGenerationOptions(
    UseStringEnumConverter = true, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true,
    Converters = [typeof(EndPointConverter)])]
[JsonSerializable(typeof(RecentSnapshot))]
internal sealed partial class RecentJson : JsonSerializerContext;
