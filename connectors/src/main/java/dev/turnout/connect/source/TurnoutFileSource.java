package dev.turnout.connect.source;

import dev.turnout.connect.ConnectorVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;

/**
 * Reads queries, grades or the requests of OpenAI batch files out of JSON Lines and CSV files that
 * may grow. A task reads the files whose names fall to it; where each stands, Connect keeps.
 */
public final class TurnoutFileSource extends SourceConnector {

  static final String TASK = "task.index";
  static final String TASKS = "task.count";

  private Map<String, String> props = Map.of();

  @Override
  public void start(Map<String, String> given) {
    props = Map.copyOf(given);
  }

  @Override
  public Class<? extends Task> taskClass() {
    return FileSourceTask.class;
  }

  @Override
  public List<Map<String, String>> taskConfigs(int most) {
    List<Map<String, String>> tasks = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      Map<String, String> task = new HashMap<>(props);
      task.put(TASK, Integer.toString(i));
      task.put(TASKS, Integer.toString(most));
      tasks.add(task);
    }
    return tasks;
  }

  @Override
  public Config validate(Map<String, String> given) {
    Config config = super.validate(given);
    for (ConfigValue value : config.configValues()) {
      if (value.name().equals(FileSourceSettings.PATH) && value.errorMessages().isEmpty()) {
        Path folder = Path.of(String.valueOf(value.value())).getParent();
        if (folder == null || !Files.isReadable(folder) || !Files.isDirectory(folder)) {
          value.addErrorMessage(
              "folder "
                  + folder
                  + " is not there for this worker, or not readable; mount it on every worker");
        }
      }
    }
    Map<String, Object> values = new HashMap<>();
    config.configValues().forEach(value -> values.put(value.name(), value.value()));
    if (values.get(FileSourceSettings.HOSTS) instanceof List<?> hosts) {
      String wrong =
          FileSourceSettings.wrong(
              String.valueOf(values.getOrDefault(FileSourceSettings.URL, "")),
              hosts,
              String.valueOf(values.get(FileSourceSettings.RECORDS)));
      for (ConfigValue value : config.configValues()) {
        if (wrong != null && value.name().equals(FileSourceSettings.URL)) {
          value.addErrorMessage(wrong);
        }
      }
    }
    return config;
  }

  @Override
  public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> given) {
    return ExactlyOnceSupport.SUPPORTED;
  }

  @Override
  public boolean alterOffsets(
      Map<String, String> given, Map<Map<String, ?>, Map<String, ?>> offsets) {
    offsets.forEach(
        (file, place) -> {
          if (place != null) {
            FileProgress.of(file, place);
          }
        });
    return true;
  }

  @Override
  public ConfigDef config() {
    return FileSourceSettings.DEFINITION;
  }

  @Override
  public void stop() {}

  @Override
  public String version() {
    return ConnectorVersion.text();
  }
}
