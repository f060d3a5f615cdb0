package dev.turnout.registry.rest;

import static dev.turnout.registry.rest.RegistryHttp.encoded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.registry.RegisteredSchema;
import dev.turnout.registry.RegistryRefusedException;
import dev.turnout.registry.SchemaRegistryClient;
import dev.turnout.registry.UnknownSchemaException;
import java.util.Optional;
import org.apache.avro.Schema;

/** The registry's REST API, as far as serdes need it. Asks each time: caching is another's task. */
public final class RestRegistryClient implements SchemaRegistryClient {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The registry's codes for: subject, version and schema not found. */
  private static final int SUBJECT_NOT_FOUND = 40401;

  private static final int SCHEMA_NOT_FOUND = 40403;

  private final RegistryHttp http;

  /** Opens no connection before the first request. */
  public RestRegistryClient(RegistrySettings settings) {
    this.http = new RegistryHttp(settings);
  }

  @Override
  public int register(String subject, Schema schema) {
    JsonNode answer =
        http.send("POST", "/subjects/" + encoded(subject) + "/versions", body(schema));
    return http.number(answer, "id", "the schema registered under " + subject);
  }

  @Override
  public int idOf(String subject, Schema schema) {
    try {
      JsonNode answer = http.send("POST", "/subjects/" + encoded(subject), body(schema));
      return http.number(answer, "id", "the schema under " + subject);
    } catch (RegistryRefusedException refused) {
      throw unknown(
          refused,
          "schema "
              + schema.getFullName()
              + " is not registered under subject "
              + subject
              + "; register it there, or set auto.register.schemas=true");
    }
  }

  @Override
  public Schema schemaById(int id) {
    JsonNode answer;
    try {
      answer = http.send("GET", "/schemas/ids/" + id, null);
    } catch (RegistryRefusedException refused) {
      throw unknown(refused, "schema id " + id + " is unknown at " + http.urls());
    }
    return new SchemaReader(http, "schema id " + id).read(answer);
  }

  @Override
  public RegisteredSchema latest(String subject) {
    JsonNode answer;
    try {
      answer = http.send("GET", "/subjects/" + encoded(subject) + "/versions/latest", null);
    } catch (RegistryRefusedException refused) {
      throw unknown(
          refused,
          "subject "
              + subject
              + " has no schema at "
              + http.urls()
              + "; register one there, or set use.latest.version=false");
    }
    String what = "the latest version of subject " + subject;
    return new RegisteredSchema(
        subject,
        http.number(answer, "version", what),
        http.number(answer, "id", what),
        new SchemaReader(http, what).read(answer));
  }

  @Override
  public Optional<String> compatibility(String subject) {
    try {
      JsonNode answer = http.send("GET", "/config/" + encoded(subject), null);
      return Optional.of(http.text(answer, "compatibilityLevel", "the rule of " + subject));
    } catch (RegistryRefusedException refused) {
      if (refused.status() == 404 && refused.errorCode() / 100 == 404) {
        return Optional.empty();
      }
      throw refused;
    }
  }

  @Override
  public void compatibility(String subject, String level) {
    JsonNode unusedEcho =
        http.send(
            "PUT",
            "/config/" + encoded(subject),
            JSON.createObjectNode().put("compatibility", level).toString());
  }

  /** Only the registry's own codes count: a wrong path answers 404 as well. */
  static RuntimeException unknown(RegistryRefusedException refused, String message) {
    return refused.errorCode() >= SUBJECT_NOT_FOUND && refused.errorCode() <= SCHEMA_NOT_FOUND
        ? new UnknownSchemaException(message)
        : refused;
  }

  private static String body(Schema schema) {
    ObjectNode body = JSON.createObjectNode();
    body.put("schema", schema.toString());
    return body.toString();
  }
}
