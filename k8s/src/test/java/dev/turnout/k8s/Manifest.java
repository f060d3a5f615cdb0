package dev.turnout.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One Kubernetes object.
 *
 * @param where overlay and template that it comes from, for messages
 */
record Manifest(String where, ObjectNode tree) {

  static final YAMLMapper YAML = new YAMLMapper(new YAMLFactory());

  /** The objects in YAML documents. */
  static List<Manifest> read(String where, String text) {
    List<Manifest> manifests = new ArrayList<>();
    try {
      for (JsonNode document :
          YAML.readerFor(JsonNode.class).<JsonNode>readValues(text).readAll()) {
        if (document instanceof ObjectNode tree) {
          manifests.add(new Manifest(where, tree));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(where, e);
    }
    return manifests;
  }

  /** The objects of an overlay as it is rendered now. */
  static List<Manifest> ofOverlay(String overlay) {
    List<Manifest> manifests = new ArrayList<>();
    HelmChart.overlay(overlay)
        .forEach((file, text) -> manifests.addAll(read(overlay + "/" + file, text)));
    return manifests;
  }

  /** The objects of all overlays. */
  static List<Manifest> all() {
    return HelmChart.NAMES.stream().flatMap(overlay -> ofOverlay(overlay).stream()).toList();
  }

  String kind() {
    return tree.path("kind").asText();
  }

  String apiVersion() {
    return tree.path("apiVersion").asText();
  }

  String name() {
    return tree.path("metadata").path("name").asText();
  }

  /** Kind, name and place, for messages. */
  String title() {
    return kind() + " " + name() + " (" + where + ")";
  }

  JsonNode spec() {
    return tree.path("spec");
  }

  /** The template of its pods, if it makes some. */
  Optional<JsonNode> podTemplate() {
    return kind().matches("Deployment|StatefulSet|Job")
        ? Optional.of(spec().path("template"))
        : Optional.empty();
  }

  /** All containers of its pods. */
  List<JsonNode> containers() {
    List<JsonNode> containers = new ArrayList<>();
    podTemplate()
        .map(template -> template.path("spec"))
        .ifPresent(
            pod -> {
              pod.path("initContainers").forEach(containers::add);
              pod.path("containers").forEach(containers::add);
            });
    return containers;
  }

  /** Texts of a map, e.g. labels. */
  static Map<String, String> texts(JsonNode map) {
    Map<String, String> texts = new TreeMap<>();
    map.properties().forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
    return texts;
  }

  /** A copy, for a test that breaks it. */
  Manifest copy() {
    return new Manifest(where, tree.deepCopy());
  }
}
