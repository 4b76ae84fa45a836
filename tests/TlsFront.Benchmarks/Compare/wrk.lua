-- Prints the line that the other load generators print: work, errors, seconds.
done = function(summary)
   local errors = summary.errors
   io.write(string.format("load %d %d %.3f\n", os.getenv("WORK") == "bytes" and summary.bytes or summary.requests,
      errors.connect + errors.read + errors.write + errors.status + errors.timeout, summary.duration / 1e6))
end
