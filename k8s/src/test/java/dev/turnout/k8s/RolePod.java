package dev.turnout.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.app.config.Configuration;
import dev.turnout.config.SettingValues;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A pod that runs this program.
 *
 * @param from the object that makes it
 * @param container its container of this program
 * @param file text of its configuration file; empty for none
 */
record RolePod(Manifest from, JsonNode container, String file) {

  /** Every pod among objects whose container is this program. */
  static List<RolePod> among(List<Manifest> objects) {
    List<RolePod> pods = new ArrayList<>();
    for (Manifest object : objects) {
      for (JsonNode container : object.containers()) {
        if (container.path("name").asText().equals("turnout")) {
          pods.add(new RolePod(object, container, file(object, objects)));
        }
      }
    }
    return pods;
  }

  /** Every pod of every overlay. */
  static List<RolePod> all() {
    return HelmChart.NAMES.stream()
        .flatMap(overlay -> among(Manifest.ofOverlay(overlay)).stream())
        .toList();
  }

  private static String file(Manifest object, List<Manifest> objects) {
    String map = configMap(object);
    return objects.stream()
        .filter(other -> other.kind().equals("ConfigMap") && other.name().equals(map))
        .map(other -> other.tree().path("data").path("turnout.yaml").asText())
        .findFirst()
        .orElse("");
  }

  private static String configMap(Manifest object) {
    for (JsonNode volume : object.podTemplate().orElseThrow().path("spec").path("volumes")) {
      if (volume.path("name").asText().equals("config")) {
        return volume.path("configMap").path("name").asText();
      }
    }
    return "";
  }

  List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    container.path("args").forEach(argument -> arguments.add(argument.asText()));
    return arguments;
  }

  String command() {
    return arguments().get(0);
  }

  /** Its environment variables; those from elsewhere with a value made up. */
  Map<String, String> environment() {
    Map<String, String> variables = new TreeMap<>();
    for (JsonNode variable : container.path("env")) {
      variables.put(
          variable.path("name").asText(), variable.path("value").asText("from-somewhere-else"));
    }
    return variables;
  }

  /** Ports by name. */
  Map<String, Integer> ports() {
    Map<String, Integer> ports = new TreeMap<>();
    container
        .path("ports")
        .forEach(port -> ports.put(port.path("name").asText(), port.path("containerPort").asInt()));
    return ports;
  }

  /** Its settings as the program reads them, with all problems. */
  SettingValues settings() {
    try {
      Path path = Files.createTempFile("turnout", ".yaml");
      try {
        Files.writeString(path, file);
        return Configuration.check(path, environment(), Map.of());
      } finally {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
