package dev.turnout.local.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What a request asks for: path, query parameters and body, checked. */
record RegistryRequest(Context context) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Parts of a schema or a rule that Confluent's registry keeps; silence would lose them. */
  private static final List<String> NOT_KEPT =
      List.of(
          "metadata",
          "ruleSet",
          "alias",
          "normalize",
          "compatibilityGroup",
          "defaultMetadata",
          "overrideMetadata",
          "defaultRuleSet",
          "overrideRuleSet");

  String subject() {
    return context.pathParam("subject");
  }

  String version() {
    return context.pathParam("version");
  }

  int id() {
    try {
      return Integer.parseInt(context.pathParam("id"));
    } catch (NumberFormatException notNumber) {
      throw RegistryError.schemaNotFound("id " + context.pathParam("id"));
    }
  }

  boolean flag(String name) {
    return Boolean.parseBoolean(context.queryParam(name));
  }

  /** A query parameter's text; empty when it is not there. */
  String text(String name) {
    String value = context.queryParam(name);
    return value == null ? "" : value;
  }

  SubjectFilter filter() {
    return flag("deletedOnly")
        ? SubjectFilter.DELETED
        : flag("deleted") ? SubjectFilter.ALL : SubjectFilter.LIVE;
  }

  /** The part of a listing that {@code offset} and {@code limit} ask for. */
  <T> List<T> page(List<T> all) {
    return all.stream()
        .skip(number("offset", 0))
        .limit(number("limit", Integer.MAX_VALUE))
        .toList();
  }

  private int number(String name, int otherwise) {
    try {
      int value = text(name).isEmpty() ? otherwise : Integer.parseInt(text(name));
      return value < 0 ? otherwise : value;
    } catch (NumberFormatException notNumber) {
      throw new RegistryError(400, 400, name + " is \"" + text(name) + "\", not a number");
    }
  }

  /** Texts come as they were registered; Confluent's registry would write them in other forms. */
  void requireNoFormat() {
    if (!text("format").isEmpty()) {
      throw RegistryError.notThere("format=" + text("format"));
    }
  }

  JsonNode body() {
    JsonNode body;
    try {
      body = JSON.readTree(context.body());
    } catch (JsonProcessingException notJson) {
      throw new RegistryError(400, 400, "The body is not JSON: " + notJson.getOriginalMessage());
    }
    for (String part : NOT_KEPT) {
      JsonNode value = body.path(part);
      boolean empty =
          value.isMissingNode()
              || value.isNull()
              || (value.isContainerNode() && value.isEmpty())
              || (value.isBoolean() && !value.asBoolean());
      if (!empty) {
        throw RegistryError.notThere("\"" + part + "\"");
      }
    }
    return body;
  }

  /** The schema in the body, with its references. */
  SchemaText schema() {
    JsonNode body = body();
    String type = body.path("schemaType").asText("AVRO");
    switch (type) {
      case "AVRO", "null" -> {}
      case "JSON", "PROTOBUF" -> throw RegistryError.notThere("schema type " + type);
      default ->
          throw new RegistryError(
              422, 42201, "Invalid schema type " + type + "; only AVRO is known");
    }
    for (String given : List.of("id", "version")) {
      if (body.path(given).asInt(0) > 0) {
        throw RegistryError.notThere(
            "registering under a given " + given + ", which is mode IMPORT,");
      }
    }
    if (!body.path("schema").isTextual()) {
      throw new RegistryError(422, 42201, "The body has no \"schema\" with the schema's text");
    }
    return new SchemaText(body.path("schema").asText(), references(body.path("references")));
  }

  private static List<SchemaReference> references(JsonNode given) {
    List<SchemaReference> references = new ArrayList<>();
    for (JsonNode each : given) {
      if (!each.path("name").isTextual()
          || !each.path("subject").isTextual()
          || !each.path("version").isInt()) {
        throw RegistryError.invalid(
            "a reference has the texts \"name\" and \"subject\" and the number \"version\"; found "
                + each);
      }
      references.add(
          new SchemaReference(
              each.path("name").asText(),
              each.path("subject").asText(),
              each.path("version").asInt()));
    }
    return references;
  }

  /** Answers with JSON. */
  void answer(Function<RegistryRequest, Object> answer) {
    write(context, 200, JSON.valueToTree(answer.apply(this)).toString());
  }

  /** Answers that the request is refused. */
  static void refuse(Context context, int status, int code, String message) {
    write(
        context,
        status,
        JSON.createObjectNode().put("error_code", code).put("message", message).toString());
  }

  static void write(Context context, int status, String json) {
    context.status(status).contentType(InProcessRegistry.MEDIA_TYPE).result(json);
  }
}
