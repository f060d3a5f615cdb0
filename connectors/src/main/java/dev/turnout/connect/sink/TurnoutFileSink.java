package dev.turnout.connect.sink;

import dev.turnout.connect.ConnectorVersion;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;

/**
 * Writes topics to files of rows, JSON Lines or Parquet, each record exactly once. What joins
 * topics, or gathers a batch, runs as one task whatever {@code tasks.max} says: nothing tells which
 * partitions hold what belongs together.
 */
public final class TurnoutFileSink extends SinkConnector {
  private Map<String, String> props = Map.of();

  @Override
  public void start(Map<String, String> given) {
    props = Map.copyOf(given);
  }

  @Override
  public Class<? extends Task> taskClass() {
    return FileSinkTask.class;
  }

  @Override
  public List<Map<String, String>> taskConfigs(int most) {
    boolean one = !FileSinkSettings.of(props).rows().equals("records");
    return Collections.nCopies(one ? 1 : most, props);
  }

  @Override
  public Config validate(Map<String, String> given) {
    Config config = super.validate(given);
    String rows = String.valueOf(given.get(FileSinkSettings.ROWS));
    Set<String> read =
        Arrays.stream(given.getOrDefault("topics", "").split(","))
            .map(String::strip)
            .collect(Collectors.toSet());
    for (ConfigValue value : config.configValues()) {
      boolean needed =
          rows.equals(FileSinkSettings.JOINED)
              ? Set.of(
                      FileSinkSettings.DECISIONS,
                      FileSinkSettings.OUTCOMES,
                      FileSinkSettings.FEEDBACK)
                  .contains(value.name())
              : rows.equals(FileSinkSettings.BATCH)
                  && value.name().equals(FileSinkSettings.OUTCOMES);
      if (needed && given.containsKey("topics") && !read.contains(String.valueOf(value.value()))) {
        value.addErrorMessage(
            "topics does not have " + value.value() + ", and rows=" + rows + " needs it; add it");
      }
      if (value.name().equals(FileSinkSettings.FORMAT)
          && rows.equals(FileSinkSettings.BATCH)
          && "parquet".equals(value.value())) {
        value.addErrorMessage("results of a batch are JSON Lines; set format=jsonl");
      }
    }
    return config;
  }

  @Override
  public ConfigDef config() {
    return FileSinkSettings.DEFINITION;
  }

  @Override
  public void stop() {}

  @Override
  public String version() {
    return ConnectorVersion.text();
  }
}
