using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace TlsFront.Telemetry.Recent;

/// <summary>Address and port as text.</summary>
internal sealed class EndPointConverter : JsonConverter<IPEndPoint>
{
    public override IPEndPoint Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        IPEndPoint.TryParse(reader.GetString() ?? "", out var address) ? address : throw new JsonException("This is not an address with a port.");

    public override void Write(Utf8JsonWriter writer, IPEndPoint value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
