using System.Globalization;
using System.Text.Json;
using TlsFront.SystemTests;
using TlsFront.SystemTests.Processes;

namespace TlsFront.DeployTests.Live;

/// <summary>
/// A real Prometheus on a free port that scrapes gateways each second and evaluates the alert rules of <c>deploy/prometheus</c> as often.
/// </summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();
    private Daemon? _process;

    private PrometheusServer()
    {
    }

    /// <summary>Starts one and waits until it answers.</summary>
    /// <param name="targets">Port of the admin address of the one instance of each job.</param>
    /// <param name="history">Samples of the past in OpenMetrics' text format.</param>
    public static async Task<PrometheusServer> StartAsync(IReadOnlyDictionary<string, int> targets, string history)
    {
        var server = new PrometheusServer();
        try
        {
            await server.RunAsync(targets, history);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Evaluates an expression now.</summary>
    public async Task<IReadOnlyList<Sample>> QueryAsync(string expression)
    {
        using var answer = await GetAsync("query?query=" + Uri.EscapeDataString(expression));
        var data = answer.RootElement.GetProperty("data");
        return data.GetProperty("resultType").GetString() == "scalar"
            ? [new Sample("", Number(data.GetProperty("result")))]
            :
            [
                .. data.GetProperty("result")
                .EnumerateArray()
                .Select(static series => new Sample(Labels(series.GetProperty("metric")), Number(series.GetProperty("value"))))
            ];
    }

    /// <summary>
    /// The alert rules as it has read them: name, expression and whether the alert is <c>pending</c>, <c>firing</c> or <c>inactive</c>.
    /// </summary>
    public async Task<IReadOnlyList<(string Alert, string Expression, string State)>> RulesAsync()
    {
        using var answer = await GetAsync("rules?type=alert");
        return
        [
            .. from @group in answer.RootElement.GetProperty("data").GetProperty("groups").EnumerateArray()
               from rule in @group.GetProperty("rules").EnumerateArray()
               select (rule.GetProperty("name").GetString()!, rule.GetProperty("query").GetString()!, rule.GetProperty("state").GetString()!),
        ];
    }

    /// <summary>What Grafana's <c>label_values(SERIES, LABEL)</c> would list.</summary>
    public async Task<IReadOnlyList<string>> LabelValuesAsync(string series, string label)
    {
        using var answer = await GetAsync($"label/{label}/values?match[]={Uri.EscapeDataString(series)}");
        return [.. answer.RootElement.GetProperty("data").EnumerateArray().Select(static value => value.GetString()!)];
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _http.Dispose();
        _folder.Dispose();
    }

    private async Task RunAsync(IReadOnlyDictionary<string, int> targets, string history)
    {
        var (configuration, data) = (_folder.PathOf("prometheus.yml"), _folder.Folder("data"));
        await File.WriteAllTextAsync(configuration, $$"""
            global: { scrape_interval: 1s, evaluation_interval: 1s }
            rule_files: [{{Repository.PathOf("deploy", "prometheus", "rules.yaml")}}]
            scrape_configs:
            {{string.Join('\n', targets.Select(static target => $"  - {{ job_name: {target.Key}, static_configs: [{{ targets: [\"127.0.0.1:{target.Value}\"] }}] }}"))}}
            """);
        var past = _folder.PathOf("history.txt");
        await File.WriteAllTextAsync(past, history);
        (await Command.RunAsync("promtool", ["tsdb", "create-blocks-from", "openmetrics", "--quiet", past, data])).Succeeded();
        var port = Ports.Next();
        _http.BaseAddress = new Uri($"http://127.0.0.1:{port}/api/v1/");
        _process = await Daemon.StartAsync(
            "prometheus",
            [$"--config.file={configuration}", $"--storage.tsdb.path={data}", $"--web.listen-address=127.0.0.1:{port}", "--log.level=warn"]);
        await Eventually.TrueAsync("Prometheus is ready", async () => _process.HasExited || await IsReadyAsync(port));
        Assert.False(_process.HasExited, $"Prometheus does not start:\n{string.Join('\n', _process.Lines)}");
    }

    private async Task<bool> IsReadyAsync(int port)
    {
        try
        {
            using var response = await _http.GetAsync(new Uri($"http://127.0.0.1:{port}/-/ready"));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<JsonDocument> GetAsync(string path)
    {
        using var response = await _http.GetAsync(new Uri(path, UriKind.Relative));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {text}");
        return JsonDocument.Parse(text);
    }

    private static string Labels(JsonElement metric) =>
        string.Join(
            ", ",
            metric.EnumerateObject()
                .Where(static label => label.Name != "otel_scope_name")
                .Select(static label => $"{label.Name}={label.Value.GetString()}"));

    private static double Number(JsonElement value) => double.Parse(value[1].GetString()!, NumberStyles.Float, CultureInfo.InvariantCulture);
}
